// SPDX-License-Identifier: Apache-2.0
// An encoder without svt_av1_enc_deinit.
//! library: SVT-AV1
//! packages: libsvtav1enc-dev
//! flags: $(pkg-config --cflags --libs SvtAv1Enc)
#include <svt-av1/EbSvtAv1Enc.h>
#include <unistd.h>

int main(void) {
  static EbSvtAv1EncConfiguration options;
  EbComponentType* encoder;
  if (svt_av1_enc_init_handle(&encoder, NULL, &options) != EB_ErrorNone) return 1;
  options.source_width = options.source_height = 128;
  options.enc_mode = 12;
  options.logical_processors = 1;
  if (svt_av1_enc_set_parameter(encoder, &options) != EB_ErrorNone) return 2;
  if (svt_av1_enc_init(encoder) != EB_ErrorNone) return 3;
  usleep(50000);
  return 0;
}
