// SPDX-License-Identifier: Apache-2.0
// Daemons in epoll_wait() and poll(), without and with a timeout.
#include "storm.hpp"

#include <poll.h>
#include <sys/epoll.h>

int main() {
  static const int poller = ::epoll_create1(EPOLL_CLOEXEC);
  storm::daemons(1, [] {
    epoll_event event;
    ::epoll_wait(poller, &event, 1, -1);
  });
  storm::daemons(1, [] {
    epoll_event event;
    ::epoll_wait(poller, &event, 1, 1);
  });
  storm::daemons(1, [] {
    pollfd none{.fd = poller, .events = POLLIN, .revents = 0};
    ::poll(&none, 1, -1);
  });
  return storm::end();
}
