// SPDX-License-Identifier: Apache-2.0
// `program | less`: whoever reads stdout takes longer than destructors may, and a daemon was frozen. Nothing of the
// output is lost, since it is no destructor that takes the time. Where the reader is a frozen thread of the process
// itself nobody will ever read: the limit ends the process, and the line does not say that all is written.
//! status: 3
//! case: written by the C library's exit
//! args: freeze
//! seconds: 1..10
//! out: reader has 200000 bytes
//! case: written by a destructor
//! args: destructor
//! seconds: 1..10
//! out: reader has 200000 bytes
//! case: written instead of destructors
//! args: skip
//! seconds: 1..10
//! out: reader has 200000 bytes
//! case: read by a frozen thread
//! args: own
//! seconds: 0.3..8
//! err~ (?=.*status 3)(?=.*could not be written whole).*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <cstring>
#include <vector>

#include <unistd.h>

static constexpr std::size_t size = 200000;
static const char* mode = "";

struct writes {
  ~writes() {
    if (std::strcmp(mode, "destructor") == 0) std::fflush(stdout);
  }
};
static writes last;

static void read_slowly(int from) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  std::size_t got = 0;
  char buffer[4096];
  for (ssize_t n; (n = ::read(from, buffer, sizeof buffer)) > 0;) got += static_cast<std::size_t>(n);
  std::printf("reader has %zu bytes\n", got);
  std::fflush(stdout);
  ::_exit(0);
}

int main(int, char** argv) {
  mode = argv[1];
  const bool own = std::strcmp(mode, "own") == 0;
  int ends[2];
  CHECK(::pipe(ends) == 0);
  if (!own) {
    if (::fork() == 0) {
      ::close(ends[1]);
      read_slowly(ends[0]);
    }
    ::close(ends[0]);
  }
  ::dup2(ends[1], STDOUT_FILENO);
  ::close(ends[1]);
  static char buffer[2 * size];
  std::setvbuf(stdout, buffer, _IOFBF, sizeof buffer);

  curfew::exit_options options{.destructor_limit = std::chrono::milliseconds(300)};
  if (std::strcmp(mode, "skip") == 0) options.daemons = curfew::ending::skip_destructors;
  curfew::set_exit_options(options);
  curfew::thread daemon({.daemon = true}, [&] {
    if (own) std::this_thread::sleep_for(std::chrono::hours(1));  // and would read then
    for (;;) ::pause();
  });
  for (std::size_t i = 0; i < size / 10; ++i) std::printf("%09zu\n", i);
  return 3;
}
