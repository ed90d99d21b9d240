// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
//! says "server"
// The same three calls deeper, with an object whose thread its own constructor starts.
#include <chrono>
#include <thread>

struct served {
  volatile long requests = 0;
  std::thread worker{[this] {
    for (;;) {
      requests = requests + 1;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }};
  ~served() { worker.detach(); }
};

[[gnu::noinline]] static int serve(int depth) {
  if (depth > 0) return serve(depth - 1) + 1;
  served server;
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return static_cast<int>(server.requests & 1);
}

int main() { return serve(3) > 100; }
