// SPDX-License-Identifier: Apache-2.0
//! nothing
//! last "kept to the end by design: 2 threads of OpenMP (libgomp)"
// OpenMP keeps its workers for the next parallel region: that is no finding, and the last line counts them.

int main() {
  int total = 0;
#pragma omp parallel for reduction(+ : total) num_threads(3)
  for (int i = 0; i < 1000; ++i) total += i;
  return total == 499500 ? 0 : 1;
}
