// SPDX-License-Identifier: Apache-2.0
// A timer that beats on: what comes on Asio's own thread when the pool takes nothing any more, in phase frozen, is
// dropped, and the end of the program goes on.
//! repeat: 5
//! out: static destroyed
#include <curfew/pool/asio.hpp>

#include <asio/steady_timer.hpp>
#include <support/program.hpp>
#include <support/sanitizers.hpp>

using namespace curfew_test;

static speaking last("static destroyed");

struct slow {
  ~slow() { std::this_thread::sleep_for(150ms); }
};

static void beat(asio::steady_timer& timer) {
  timer.expires_after(100us);
  timer.async_wait([&timer](asio::error_code error) {
    if (!error) beat(timer);
  });
}

int main() {
  if (thread_sanitizer) skip("ThreadSanitizer sees Asio lock a mutex twice that it has unlocked");
  static curfew::thread_pool pool({.workers = 2});
  static curfew::asio_context context(pool);
  static asio::steady_timer often(context.get_executor()), once(context.get_executor());
  static const slow frozen_for_a_while;
  beat(often);
  once.expires_after(100ms);
  once.async_wait([](asio::error_code) { say("called in phase frozen"); });
  return 0;
}
