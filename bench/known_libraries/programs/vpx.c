// SPDX-License-Identifier: Apache-2.0
// An encoder with one picture, without vpx_codec_destroy.
//! library: libvpx
//! packages: libvpx-dev
//! flags: $(pkg-config --cflags --libs vpx)
#include <unistd.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

int main(void) {
  static vpx_codec_ctx_t encoder;
  vpx_codec_enc_cfg_t options;
  if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &options, 0) != 0) return 1;
  options.g_w = 1280, options.g_h = 720;
  options.g_threads = 2;
  options.g_lag_in_frames = 0;
  if (vpx_codec_enc_init(&encoder, vpx_codec_vp8_cx(), &options, 0) != 0) return 2;
  vpx_image_t* const image = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, 1280, 720, 16);
  if (vpx_codec_encode(&encoder, image, 0, 1, 0, VPX_DL_REALTIME) != 0) return 3;
  usleep(50000);
#ifdef ENDED
  vpx_codec_destroy(&encoder);
#endif
  return 0;
}
