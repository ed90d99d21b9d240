// SPDX-License-Identifier: Apache-2.0
// The stack without usrsctp_finish.
//! library: usrsctp
//! packages: libusrsctp-dev
//! flags: $(pkg-config --cflags --libs usrsctp)
#include <stdio.h>
#include <unistd.h>
#include <usrsctp.h>

static int drop(void* to, void* data, size_t size, uint8_t tos, uint8_t set_df) {
  (void)to, (void)data, (void)size, (void)tos, (void)set_df;
  return 0;
}

int main(void) {
  usrsctp_init(0, drop, NULL);
  usleep(50000);
#ifdef ENDED
  usrsctp_finish();
#endif
  return 0;
}
