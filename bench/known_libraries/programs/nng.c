// SPDX-License-Identifier: Apache-2.0
// A socket that listens, without nng_close and nng_fini.
//! library: nng
//! packages: libnng-dev
//! flags: -lnng
#include <nng/nng.h>
#include <nng/protocol/pubsub0/pub.h>
#include <unistd.h>

int main(void) {
  nng_socket s;
  if (nng_pub0_open(&s) != 0 || nng_listen(s, "tcp://127.0.0.1:0", NULL, 0) != 0) return 1;
  usleep(100000);
#ifdef ENDED
  nng_close(s);
  nng_fini();
#endif
  return 0;
}
