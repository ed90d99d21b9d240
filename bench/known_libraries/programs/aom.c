// SPDX-License-Identifier: Apache-2.0
// An encoder with one picture, without aom_codec_destroy.
//! library: libaom
//! packages: libaom-dev
//! flags: $(pkg-config --cflags --libs aom)
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  static aom_codec_ctx_t encoder;
  aom_codec_enc_cfg_t options;
  aom_codec_iface_t* const av1 = aom_codec_av1_cx();
  if (aom_codec_enc_config_default(av1, &options, AOM_USAGE_REALTIME) != 0) return 1;
  options.g_w = options.g_h = 256;
  options.g_threads = 2;
  options.g_lag_in_frames = 0;
  if (aom_codec_enc_init(&encoder, av1, &options, 0) != 0) return 2;
  aom_codec_control(&encoder, AOME_SET_CPUUSED, 9);
  aom_codec_control(&encoder, AV1E_SET_ROW_MT, 1);
  aom_image_t* const image = aom_img_alloc(NULL, AOM_IMG_FMT_I420, 256, 256, 16);
  if (aom_codec_encode(&encoder, image, 0, 1, 0) != 0) return 3;
  usleep(50000);
#ifdef ENDED
  aom_codec_destroy(&encoder);
#endif
  return 0;
}
