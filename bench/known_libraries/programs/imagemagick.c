// SPDX-License-Identifier: Apache-2.0
// A picture that has been blurred, without MagickCoreTerminus.
//! library: ImageMagick
//! packages: libmagickcore-6.q16-dev
//! flags: $(pkg-config --cflags --libs MagickCore)
#include <magick/MagickCore.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  (void)argc;
  MagickCoreGenesis(argv[0], MagickFalse);
  ExceptionInfo* const error = AcquireExceptionInfo();
  ImageInfo* const info = AcquireImageInfo();
  strcpy(info->filename, "xc:red");
  info->size = AcquireString("512x512");
  Image* const image = ReadImage(info, error);
  if (image == NULL || BlurImage(image, 2, 1, error) == NULL) return 1;
  usleep(50000);
  return 0;
}
