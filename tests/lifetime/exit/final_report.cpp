// SPDX-License-Identifier: Apache-2.0
// exit_options::report: at the end, a line for each thing that was waited for and frozen; on stderr, or appended to a
// file; and no such line when there is nothing to say.
//! case: on stderr
//! args: -
//! err* .*
//! err~ .*"worker".*
//! err* .*
//! err~ .*"ticker".*
//! err* .*
//! case: to a file
//! args: file
//! out: the file says "worker"
//! out: the file says "ticker"
//! out: the file keeps what was in it
//! case: nothing to say
//! args: nothing
//! err* .*exit: waited \d+ ms for 0, froze 0 .*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/wait.h>

static void end_with(std::string report) {
  curfew::set_exit_options({.report = std::move(report)});
  curfew::thread worker({.name = "worker"}, [] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  curfew::thread ticker({.name = "ticker", .daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::exit(0);
}

int main(int, char** argv) {
  if (std::strcmp(argv[1], "-") == 0) end_with("-");
  if (std::strcmp(argv[1], "nothing") == 0) {
    curfew::set_exit_options({.report = "-"});
    return 0;
  }
  const std::string file = std::string(std::getenv("CURFEW_TEST_DIR")) + "/report";
  std::ofstream(file) << "was here\n";
  const pid_t child = fork();
  if (child == 0) end_with(file);
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const char* name : {"\"worker\"", "\"ticker\""})
    if (text.find(name) != std::string::npos) std::printf("the file says %s\n", name);
  if (text.rfind("was here\n", 0) == 0) std::puts("the file keeps what was in it");
}
