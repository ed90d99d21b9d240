// SPDX-License-Identifier: Apache-2.0
// A multi-threaded context without ZSTD_freeCCtx.
//! library: zstd
//! packages: libzstd-dev
//! flags: -lzstd
#include <unistd.h>
#include <zstd.h>

static char in[1 << 20], out[1 << 21];

int main(void) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  if (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, 2))) return 1;
  if (ZSTD_isError(ZSTD_compress2(context, out, sizeof out, in, sizeof in))) return 2;
  usleep(50000);
#ifdef ENDED
  ZSTD_freeCCtx(context);
#endif
  return 0;
}
