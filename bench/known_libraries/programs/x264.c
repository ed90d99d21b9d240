// SPDX-License-Identifier: Apache-2.0
// An encoder with one picture, without x264_encoder_close.
//! library: x264
//! packages: libx264-dev
//! flags: $(pkg-config --cflags --libs x264)
#include <stdint.h>
#include <unistd.h>
#include <x264.h>

int main(void) {
  static x264_param_t options;
  static x264_picture_t in, out;
  x264_nal_t* units;
  int count;
  x264_param_default_preset(&options, "ultrafast", "");
  options.i_width = options.i_height = 64;
  options.i_csp = X264_CSP_I420;
  options.i_threads = 2;
  options.i_log_level = X264_LOG_NONE;
  x264_t* const encoder = x264_encoder_open(&options);
  if (encoder == NULL || x264_picture_alloc(&in, X264_CSP_I420, 64, 64) != 0) return 1;
  if (x264_encoder_encode(encoder, &units, &count, &in, &out) < 0) return 2;
  usleep(50000);
#ifdef ENDED
  x264_encoder_close(encoder);
#endif
  return 0;
}
