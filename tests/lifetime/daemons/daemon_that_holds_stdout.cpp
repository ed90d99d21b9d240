// SPDX-License-Identifier: Apache-2.0
// A daemon that locks stdout and keeps it, with nothing in it: once it is frozen nobody waits for it. A static
// destructor prints, the process ends with its own status, and what other streams hold is written.
//! seconds: 0..8
//! status: 3
//! out: said before
//! out: printed by a destructor
//! out: the file has its line
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>

#include <fstream>
#include <string>

static void ends_badly(const std::string& path) {
  static curfew_test::speaking last("printed by a destructor");
  static curfew_test::gate holds;
  FILE* const file = std::fopen(path.c_str(), "w");
  CHECK(file != nullptr && std::fputs("buffered\n", file) >= 0);
  curfew::thread daemon({.daemon = true}, [] {
    flockfile(stdout);
    holds.open();
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  holds.wait();
  std::exit(3);
}

int main() {
  const std::string path = std::string(std::getenv("CURFEW_TEST_DIR")) + "/file";
  curfew_test::say("said before");
  const pid_t child = fork();
  if (child == 0) ends_badly(path);
  const int status = curfew_test::status_of_child(child);
  std::string line;
  std::getline(std::ifstream(path), line);
  if (line == "buffered") std::puts("the file has its line");
  return status;
}
