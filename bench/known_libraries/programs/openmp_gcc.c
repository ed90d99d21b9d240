// SPDX-License-Identifier: Apache-2.0
// A parallel loop.
//! library: libgomp (OpenMP of GCC)
//! packages: gcc
//! flags: -fopenmp
#include <unistd.h>

int main(void) {
  static int total;
#pragma omp parallel for reduction(+ : total) num_threads(3)
  for (int i = 0; i < 1000; ++i) total += i;
  usleep(50000);
  return total != 499500;
}
