// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
// A thread sleeps in recvmsg(), whose list of buffers is its own, and leads to memory that main has freed.
#include <sys/socket.h>
#include <sys/uio.h>

#include <chrono>
#include <thread>
#include <vector>

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 1;
  std::vector<char> buffer(300);
  std::thread([from = ends[0], to = buffer.data()] {
    iovec part{to, 300};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (recvmsg(from, &message, 0) < 0) return;
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
