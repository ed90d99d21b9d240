// SPDX-License-Identifier: Apache-2.0
// A server without MHD_stop_daemon.
//! library: libmicrohttpd
//! packages: libmicrohttpd-dev
//! flags: -lmicrohttpd
#include <arpa/inet.h>
#include <microhttpd.h>
#include <unistd.h>

static enum MHD_Result answer(void* data, struct MHD_Connection* connection, const char* url, const char* method,
                              const char* version, const char* upload, size_t* size, void** own) {
  (void)data, (void)connection, (void)url, (void)method, (void)version, (void)upload, (void)size, (void)own;
  return MHD_NO;
}

int main(void) {
  const struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct MHD_Daemon* const server = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, NULL,
                                                     MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
  usleep(50000);
#ifdef ENDED
  MHD_stop_daemon(server);
#endif
  return server == NULL;
}
