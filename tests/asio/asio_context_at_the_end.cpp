// SPDX-License-Identifier: Apache-2.0
// A static asio_context with a task that never ends and may be abandoned, and a strand that is busy to the end: the
// context's destructor does not wait for the one that is frozen, and everything that may not be lost is done before.
//! repeat: 10
//! out: 1000 of 1000
//! out: static destroyed
#include <curfew/pool/asio.hpp>

#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <support/program.hpp>

#include <string>

using namespace curfew_test;

static speaking last("static destroyed");
static int done = 0;  // no atomic: the strand orders them
static struct counted {
  ~counted() { say((std::to_string(done) + " of 1000").c_str()); }
} count;

int main() {
  static curfew::thread_pool pool({.workers = 2});
  static curfew::asio_context context(pool);
  static gate inside;
  asio::post(context.get_executor(curfew::at_exit::abandon), [] {
    inside.open();
    for (;;) std::this_thread::sleep_for(1h);
  });
  inside.wait();
  auto strand = asio::make_strand(context.get_executor());
  for (int i = 0; i < 1000; ++i) asio::post(strand, [] { ++done; });
  return 0;
}
