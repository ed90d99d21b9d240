// SPDX-License-Identifier: Apache-2.0
// A regular thread cancels main while main waits for it in the exit, and main may be cancelled at once: the exit cannot
// be cancelled, and nothing is lost.
//! status: 3
//! out: regular ended
//! out: handler
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>

#include <cstdlib>

static curfew_test::speaking last("static destroyed");

int main() {
  std::atexit([] {
    ::pthread_testcancel();
    std::puts("handler");
  });
  ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
  static const pthread_t main_thread = ::pthread_self();
  curfew::thread([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() != curfew::phase::running; }));
    CHECK(::pthread_cancel(main_thread) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("regular ended");
  }).detach();
  std::exit(3);
}
