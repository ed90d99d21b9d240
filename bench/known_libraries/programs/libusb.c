// SPDX-License-Identifier: Apache-2.0
// A context without libusb_exit.
//! library: libusb
//! packages: libusb-1.0-0-dev
//! flags: $(pkg-config --cflags --libs libusb-1.0)
#include <libusb.h>
#include <unistd.h>

int main(void) {
  libusb_context* context;
  if (libusb_init(&context) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  libusb_exit(context);
#endif
  return 0;
}
