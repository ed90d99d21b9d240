// SPDX-License-Identifier: Apache-2.0
// A decoder with slice threads, without avcodec_free_context.
//! library: FFmpeg (libavcodec), slice threads
//! packages: libavcodec-dev
//! flags: $(pkg-config --cflags --libs libavcodec libavutil)
#include <libavcodec/avcodec.h>
#include <unistd.h>

int main(void) {
  const AVCodec* const codec = avcodec_find_decoder(AV_CODEC_ID_MPEG2VIDEO);
  AVCodecContext* const decoder = avcodec_alloc_context3(codec);
  decoder->thread_count = 2;
  decoder->thread_type = FF_THREAD_SLICE;
  if (avcodec_open2(decoder, codec, NULL) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  avcodec_free_context(&decoder);
#endif
  return 0;
}
