// SPDX-License-Identifier: Apache-2.0
// request_exit on any thread, and in a signal handler: the first status wins, errno is kept, wait_for_exit returns it,
// also when it was asked for before the wait.
//! status: 6
//! out: main returns 6
//! out: worker was asked
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cerrno>
#include <csignal>

int main() {
  curfew::thread worker([](std::stop_token) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::puts("worker was asked");
  });
  std::signal(SIGUSR1, [](int) {
    errno = E2BIG;
    curfew::request_exit(6);
    CHECK(errno == E2BIG);
  });
  curfew::thread asks({.daemon = true}, [] {
    std::raise(SIGUSR1);
    curfew::request_exit(7);
  });
  asks.join();
  CHECK(curfew::exit_requested());
  const int status = curfew::wait_for_exit();
  CHECK(curfew::wait_for_exit() == status);
  std::printf("main returns %d\n", status);
  return status;
}
