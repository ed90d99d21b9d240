// SPDX-License-Identifier: Apache-2.0
// One product of matrices.
//! library: OpenBLAS
//! packages: libopenblas-dev
//! flags: $(pkg-config --cflags --libs openblas)
#include <cblas.h>
#include <unistd.h>

enum { n = 300 };
static double a[n * n], b[n * n], c[n * n];

int main(void) {
  openblas_set_num_threads(2);
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
  usleep(50000);
  return 0;
}
