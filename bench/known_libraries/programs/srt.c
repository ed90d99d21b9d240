// SPDX-License-Identifier: Apache-2.0
// A socket that listens, without srt_cleanup.
//! library: libsrt
//! packages: libsrt-openssl-dev
//! flags: $(pkg-config --cflags --libs srt)
#include <arpa/inet.h>
#include <srt/srt.h>
#include <unistd.h>

int main(void) {
  const struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  srt_startup();
  const SRTSOCKET s = srt_create_socket();
  if (srt_bind(s, (const struct sockaddr*)&at, sizeof at) != 0 || srt_listen(s, 1) != 0) return 1;
  usleep(100000);
#ifdef ENDED
  srt_close(s);
  srt_cleanup();
#endif
  return 0;
}
