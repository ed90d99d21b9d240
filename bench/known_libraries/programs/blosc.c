// SPDX-License-Identifier: Apache-2.0
// A compression by two threads, without blosc_destroy.
//! library: Blosc
//! packages: libblosc-dev
//! flags: -lblosc
#include <blosc.h>
#include <unistd.h>

static char in[1 << 22], out[(1 << 22) + BLOSC_MAX_OVERHEAD];

int main(void) {
  blosc_init();
  blosc_set_nthreads(2);
  if (blosc_compress(5, 1, 4, sizeof in, in, out, sizeof out) <= 0) return 1;
  usleep(50000);
#ifdef ENDED
  blosc_destroy();
#endif
  return 0;
}
