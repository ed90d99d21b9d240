// SPDX-License-Identifier: Apache-2.0
// exec in a regular thread and in a daemon, while others run: the new program is alone, its status is the process's.
//! case: regular
//! args: regular
//! out: the new program runs
//! status: 7
//! case: daemon
//! args: daemon
//! out: the new program runs
//! status: 7
//! case: child of fork in a daemon
//! args: fork
//! out: the new program runs
//! out: child ended with 7
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>

#include <cstring>

#include <unistd.h>

static curfew_test::speaking last("static destroyed");

static void become_another() {
  ::execl("/bin/sh", "sh", "-c", "echo the new program runs; exit 7", nullptr);
  std::puts("exec failed");
}

int main(int, char** argv) {
  curfew::exit_on_signals();  // its service thread must be no obstacle
  curfew::thread bystander({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  if (std::strcmp(argv[1], "fork") == 0) {
    curfew::thread forks({.daemon = true}, [] {
      const pid_t child = fork();
      if (child == 0) {
        become_another();
        _exit(1);
      }
      std::printf("child ended with %d\n", curfew_test::status_of_child(child));
    });
    forks.join();
    return 0;
  }
  curfew::thread t({.daemon = std::strcmp(argv[1], "daemon") == 0}, become_another);
  t.join();
}
