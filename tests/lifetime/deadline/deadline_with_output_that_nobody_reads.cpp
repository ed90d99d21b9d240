// SPDX-License-Identifier: Apache-2.0
// stdout is a full pipe that nobody reads, and there is a deadline: the process is gone by it all the same, and says
// that not all was written.
//! seconds: 0.5..1.3
//! status: 124
//! case: with a regular thread
//! args: regular
//! err~ curfew: the exit has waited .* for 1 thread:
//! err~ .*"Thread-1" \(#1\), regular, .*
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ (?=.*status 124)(?=.*deadline of 0\.5 s)(?=.*could not be written whole).*
//! case: with a daemon
//! args: daemon
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ (?=.*status 124)(?=.*deadline of 0\.5 s)(?=.*could not be written whole).*
//! case: stderr too
//! args: both
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

#include <fcntl.h>

static void fill(int fd, const int (&pipe)[2]) {
  ::dup2(pipe[1], fd);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  const char page[4096] = {};
  while (::write(fd, page, sizeof page) > 0) {
  }
  ::fcntl(fd, F_SETFL, 0);
}

int main(int, char** argv) {
  const std::string_view mode = argv[1];
  int pipe[2];
  CHECK(::pipe(pipe) == 0);
  fill(STDOUT_FILENO, pipe);
  if (mode == "both") fill(STDERR_FILENO, pipe);
  std::printf("not read");
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(500),
                            .report_after = std::chrono::milliseconds(mode == "both" ? 100 : -1)});
  curfew::thread last({.daemon = mode == "daemon"}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  return 5;
}
