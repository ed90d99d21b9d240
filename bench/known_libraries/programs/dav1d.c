// SPDX-License-Identifier: Apache-2.0
// A decoder without dav1d_close.
//! library: dav1d
//! packages: libdav1d-dev
//! flags: $(pkg-config --cflags --libs dav1d)
#include <dav1d/dav1d.h>
#include <unistd.h>

int main(void) {
  Dav1dSettings settings;
  Dav1dContext* decoder;
  dav1d_default_settings(&settings);
  settings.n_threads = 3;
  if (dav1d_open(&decoder, &settings) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  dav1d_close(&decoder);
#endif
  return 0;
}
