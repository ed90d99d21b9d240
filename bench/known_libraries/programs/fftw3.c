// SPDX-License-Identifier: Apache-2.0
// A transform by two threads, without fftw_cleanup_threads.
//! library: FFTW 3
//! packages: libfftw3-dev
//! flags: -lfftw3_threads -lfftw3 -lm
#include <fftw3.h>
#include <unistd.h>

enum { n = 1 << 16 };
static fftw_complex in[n], out[n];

int main(void) {
  if (fftw_init_threads() == 0) return 1;
  fftw_plan_with_nthreads(2);
  fftw_plan const plan = fftw_plan_dft_1d(n, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(plan);
  usleep(50000);
#ifdef ENDED
  fftw_destroy_plan(plan);
  fftw_cleanup_threads();
#endif
  return 0;
}
