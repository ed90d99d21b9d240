// SPDX-License-Identifier: Apache-2.0
// A listener without ucp_cleanup.
//! library: UCX
//! packages: libucx-dev
//! flags: -lucp -lucs
#include <arpa/inet.h>
#include <ucp/api/ucp.h>
#include <unistd.h>

static void connected(ucp_conn_request_h request, void* data) { (void)request, (void)data; }

int main(void) {
  const ucp_params_t wanted = {.field_mask = UCP_PARAM_FIELD_FEATURES,
                               .features = UCP_FEATURE_TAG | UCP_FEATURE_WAKEUP};
  const ucp_worker_params_t mode = {0};
  ucp_context_h context;
  ucp_worker_h worker;
  ucp_listener_h listener;
  if (ucp_init(&wanted, NULL, &context) != UCS_OK || ucp_worker_create(context, &mode, &worker) != UCS_OK) return 1;
  const struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const ucp_listener_params_t where = {
      .field_mask = UCP_LISTENER_PARAM_FIELD_SOCK_ADDR | UCP_LISTENER_PARAM_FIELD_CONN_HANDLER,
      .sockaddr = {.addr = (const struct sockaddr*)&at, .addrlen = sizeof at},
      .conn_handler = {.cb = connected}};
  if (ucp_listener_create(worker, &where, &listener) != UCS_OK) return 2;
  usleep(50000);
#ifdef ENDED
  ucp_listener_destroy(listener);
  ucp_worker_destroy(worker);
  ucp_cleanup(context);
#endif
  return 0;
}
