// SPDX-License-Identifier: Apache-2.0
// A server without mg_stop.
//! library: CivetWeb
//! packages: libcivetweb-dev
//! flags: -lcivetweb
#include <civetweb.h>
#include <unistd.h>

int main(void) {
  const char* const options[] = {"listening_ports", "127.0.0.1:0", "num_threads", "2", NULL};
  static struct mg_callbacks none;
  mg_init_library(0);
  struct mg_context* const server = mg_start(&none, NULL, (const char**)options);
  usleep(100000);
#ifdef ENDED
  mg_stop(server);
#endif
  return server == NULL;
}
