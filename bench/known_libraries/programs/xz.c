// SPDX-License-Identifier: Apache-2.0
// A multi-threaded encoder without lzma_end.
//! library: liblzma
//! packages: liblzma-dev
//! flags: $(pkg-config --cflags --libs liblzma)
#include <lzma.h>
#include <unistd.h>

static uint8_t in[1 << 20], out[1 << 20];

int main(void) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_mt options = {.threads = 2, .preset = 0, .check = LZMA_CHECK_CRC32};
  if (lzma_stream_encoder_mt(&stream, &options) != LZMA_OK) return 1;
  stream.next_in = in;
  stream.avail_in = sizeof in;
  stream.next_out = out;
  stream.avail_out = sizeof out;
  if (lzma_code(&stream, LZMA_RUN) != LZMA_OK) return 2;
  usleep(50000);
#ifdef ENDED
  lzma_end(&stream);
#endif
  return 0;
}
