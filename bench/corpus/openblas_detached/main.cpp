// SPDX-License-Identifier: Apache-2.0
// OpenBLAS: a detached thread is in dgemm while exit() runs blas_shutdown (destructor).
#include <cblas.h>
#include <chrono>
#include <thread>
#include <vector>
int main() {
  std::thread([] {
    int n = 300;
    std::vector<double> a(n * n, 1), b(n * n, 2), c(n * n);
    for (;;)
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n);
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  return 0;
}
