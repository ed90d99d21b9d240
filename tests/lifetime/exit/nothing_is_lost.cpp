// SPDX-License-Identifier: Apache-2.0
// Ten regular threads that write when main has long returned, to stdout and to a stream that nobody closes: every line
// is there, although nobody flushes and a daemon is frozen.
//! out: from the child: 1000 lines on stdout, 1000 in the file
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>

#include <fstream>
#include <string>

static int writes_and_ends(FILE* file) {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  for (int t = 0; t < 10; ++t) {
    curfew::thread([=] {
      CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      for (int i = 0; i < 100; ++i) {
        std::printf("line %d of %d\n", i, t);
        std::fprintf(file, "line %d of %d\n", i, t);
        if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }).detach();
  }
  return 0;
}

static int lines_in(const std::string& path) {
  std::ifstream in(path);
  int lines = 0;
  for (std::string line; std::getline(in, line);)
    if (line.rfind("line ", 0) == 0) ++lines;
  return lines;
}

int main() {
  const std::string directory = std::getenv("CURFEW_TEST_DIR");
  const pid_t child = fork();
  if (child == 0) {
    CHECK(std::freopen((directory + "/stdout").c_str(), "w", stdout) != nullptr);
    return writes_and_ends(std::fopen((directory + "/file").c_str(), "w"));
  }
  CHECK(curfew_test::status_of_child(child) == 0);
  std::printf("from the child: %d lines on stdout, %d in the file\n", lines_in(directory + "/stdout"),
              lines_in(directory + "/file"));
}
