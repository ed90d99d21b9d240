// SPDX-License-Identifier: Apache-2.0
// A parallel loop.
//! library: libomp (OpenMP of LLVM)
//! packages: libomp-14-dev clang-14
//! flags: -fopenmp
//! compiler: clang-14
#include <unistd.h>

int main(void) {
  static int total;
#pragma omp parallel for reduction(+ : total) num_threads(3)
  for (int i = 0; i < 1000; ++i) total += i;
  usleep(50000);
  return total != 499500;
}
