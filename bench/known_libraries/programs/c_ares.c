// SPDX-License-Identifier: Apache-2.0
// A channel without ares_destroy.
//! library: c-ares
//! packages: libc-ares-dev
//! flags: -lcares
#include <ares.h>
#include <unistd.h>

int main(void) {
  ares_channel channel;
  if (ares_library_init(ARES_LIB_INIT_ALL) != 0 || ares_init(&channel) != 0) return 1;
  usleep(50000);
  return 0;
}
