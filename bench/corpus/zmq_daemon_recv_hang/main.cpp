// SPDX-License-Identifier: Apache-2.0
// A background thread sits in a blocking recv() on a socket of a static context; the context's destructor waits for
// the socket to be closed: recv() gets ETERM only if the thread then closes it; a thread that ignores ETERM/retries
// hangs exit.
#include <chrono>
#include <cstdio>
#include <thread>
#include <zmq.hpp>
static zmq::context_t ctx(1);
int main() {
  std::thread([] {
    zmq::socket_t s(ctx, zmq::socket_type::pull);
    s.bind("inproc://q");
    zmq::message_t m;
    for (;;) {
      try {
        auto r = s.recv(m, zmq::recv_flags::none);
      } catch (zmq::error_t& e) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100)); /* retry */
      }
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  puts("main done");
  return 0;
}
