// SPDX-License-Identifier: Apache-2.0
// A server thread without lo_server_thread_stop.
//! library: liblo
//! packages: liblo-dev
//! flags: $(pkg-config --cflags --libs liblo)
#include <lo/lo.h>
#include <unistd.h>

int main(void) {
  lo_server_thread server = lo_server_thread_new_with_proto("socket", LO_UNIX, NULL);
  if (server == NULL || lo_server_thread_start(server) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  lo_server_thread_stop(server);
#endif
  return 0;
}
