// SPDX-License-Identifier: Apache-2.0
// A task that came through a static asio_context calls std::exit: the context's destructor runs on its thread, and does
// not wait for the task that it is in.
//! repeat: 10
//! status: 7
//! out: exit in a task
//! out: static destroyed
#include <curfew/pool/asio.hpp>

#include <asio/post.hpp>
#include <support/program.hpp>

#include <cstdlib>

using namespace curfew_test;

static speaking last("static destroyed");

int main() {
  static curfew::thread_pool pool({.workers = 2});
  static curfew::asio_context context(pool);
  asio::post(context.get_executor(), [] {
    say("exit in a task");
    std::exit(7);
  });
  std::this_thread::sleep_for(1h);
}
