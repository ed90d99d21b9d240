// SPDX-License-Identifier: Apache-2.0
// A timer that beats on: what comes on Asio's own thread when the pool takes nothing any more, in phase frozen, is
// dropped, and the end of the program goes on.
//! repeat: 5
//! out: static destroyed
#include <curfew/pool/asio.hpp>

#include <asio/steady_timer.hpp>
#include <support/program.hpp>

using namespace curfew_test;

static speaking last("static destroyed");
static std::atomic<bool> beaten{false};
static curfew::thread_pool pool({.workers = 2});
static curfew::asio_context context(pool);
static asio::steady_timer often(context.get_executor()), once(context.get_executor());
static struct slow {
  ~slow() { std::this_thread::sleep_for(150ms); }
} frozen_for_a_while;

static void beat(asio::error_code error) {
  if (error) return;
  beaten = true;
  often.expires_after(100us);
  often.async_wait(&beat);
}

int main() {
  beat({});
  once.expires_after(100ms);
  once.async_wait([](asio::error_code) { say("called in phase frozen"); });
  return 0;
}
