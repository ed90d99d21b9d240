// SPDX-License-Identifier: Apache-2.0
// A daemon asleep in any system call that only waits is frozen there at once, not after the three seconds that a thread
// gets which is busy inside the C library.
//! out: frozen at once
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>

static std::atomic<int> begun{0};

template <class Call>
static void repeat(const char* name, Call call) {
  curfew::thread({.name = name, .daemon = true}, [call]() mutable {
    for (++begun;;) call();
  }).detach();
}

static void receive_messages() {
  const int receives = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(::bind(receives, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
  repeat("recvmmsg", [receives] {
    char text[16];
    iovec to{text, sizeof text};
    mmsghdr message{};
    message.msg_hdr.msg_iov = &to;
    message.msg_hdr.msg_iovlen = 1;
    ::recvmmsg(receives, &message, 1, 0, nullptr);
  });
}

static void wait_in_queue() {
  const std::string name = "/curfew_test_" + std::to_string(::getpid());
  const mqd_t queue = ::mq_open(name.c_str(), O_CREAT | O_RDWR, 0600, nullptr);
  if (queue == static_cast<mqd_t>(-1)) return;  // none here
  ::mq_unlink(name.c_str());
  repeat("mq_receive", [queue] {
    char text[8192];
    ::mq_receive(queue, text, sizeof text, nullptr);
  });
}

/// A lock of an open file, which another open file has.
static void wait_for_file() {
  char name[] = "rare_calls_XXXXXX";
  const int has = ::mkstemp(name), wants = ::open(name, O_RDWR);
  ::unlink(name);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  CHECK(::fcntl(has, F_OFD_SETLKW, &whole) == 0);
  repeat("fcntl", [wants, whole]() mutable { ::fcntl(wants, F_OFD_SETLKW, &whole); });
}

static void wait_for_pipes() {
  int from[2], to[2];
  CHECK(::pipe(from) == 0 && ::pipe(to) == 0);
  repeat("splice", [in = from[0], out = to[1]] { ::splice(in, nullptr, out, nullptr, 100, 0); });
  repeat("tee", [in = from[0], out = to[1]] { ::tee(in, out, 100, 0); });
  repeat("preadv2", [in = to[0]] {
    char text[16];
    const iovec into{text, sizeof text};
    ::preadv2(in, &into, 1, -1, 0);
  });
}

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer keeps the signal to itself in calls that it does not know");
  receive_messages();
  wait_in_queue();
  wait_for_file();
  wait_for_pipes();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(begun >= 5);
  std::puts(curfew::finish().freeze_time < std::chrono::milliseconds(2500) ? "frozen at once" : "frozen late");
}
