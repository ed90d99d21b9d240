// SPDX-License-Identifier: Apache-2.0
// An encoder with one picture, without x265_encoder_close.
//! library: x265
//! packages: libx265-dev
//! flags: $(pkg-config --cflags --libs x265)
#include <stdint.h>
#include <unistd.h>
#include <x265.h>

int main(void) {
  static uint8_t grey[128 * 128];
  x265_param* const options = x265_param_alloc();
  x265_param_default_preset(options, "ultrafast", NULL);
  options->sourceWidth = options->sourceHeight = 128;
  options->fpsNum = 25;
  options->fpsDenom = 1;
  options->logLevel = X265_LOG_NONE;
  x265_encoder* const encoder = x265_encoder_open(options);
  x265_picture* const picture = x265_picture_alloc();
  if (encoder == NULL || picture == NULL) return 1;
  x265_picture_init(options, picture);
  for (int i = 0; i < 3; ++i) picture->planes[i] = grey, picture->stride[i] = 128 / (i == 0 ? 1 : 2);
  x265_nal* units;
  uint32_t count;
  if (x265_encoder_encode(encoder, &units, &count, picture, NULL) < 0) return 2;
  usleep(50000);
#ifdef ENDED
  x265_encoder_close(encoder);
#endif
  return 0;
}
