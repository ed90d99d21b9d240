// SPDX-License-Identifier: Apache-2.0
// A threaded poll without avahi_threaded_poll_stop.
//! library: Avahi client
//! packages: libavahi-client-dev
//! flags: $(pkg-config --cflags --libs avahi-client)
#include <avahi-common/thread-watch.h>
#include <unistd.h>

int main(void) {
  AvahiThreadedPoll* const poll = avahi_threaded_poll_new();
  if (poll == NULL || avahi_threaded_poll_start(poll) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  avahi_threaded_poll_stop(poll);
#endif
  return 0;
}
