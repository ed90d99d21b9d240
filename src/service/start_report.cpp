// SPDX-License-Identifier: Apache-2.0
#include "service/start_report.hpp"

#include "exit/policy.hpp"
#include "os/clock.hpp"
#include "os/futex.hpp"
#include "os/small_text.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_every{20};
/// For a daemon that has closed its end and still runs: it will say nothing any more.
constexpr milliseconds end_limit{5000};

int shell_status(int status) noexcept { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

enum class heard : unsigned char { nothing, ready, closed };

heard listen(int fd, milliseconds limit) noexcept {
  pollfd in{fd, POLLIN, 0};
  if (::poll(&in, 1, static_cast<int>(limit.count())) != 1) return heard::nothing;
  char byte = 0;
  const ssize_t size = ::read(fd, &byte, 1);
  if (size == 1) return heard::ready;
  return size == 0 || errno != EINTR ? heard::closed : heard::nothing;
}

int explain(int status) noexcept {
  os::small_text<200> line;
  line << "curfew: the daemon ";
  if (WIFEXITED(status))
    line << "ended with status " << WEXITSTATUS(status);
  else
    line << "was ended by signal " << WTERMSIG(status);
  line << " before it was ready";
  report_line(line.view());
  const int said = shell_status(status);
  return said != 0 ? said : 1;
}

}  // namespace

int await_start(int fd, pid_t daemon) noexcept {
  bool closed = false;
  steady_time until = os::forever;
  for (;;) {
    if (closed) {
      os::pause_for(look_every);
    } else if (const heard h = listen(fd, look_every); h == heard::ready) {
      return 0;
    } else if (h == heard::closed) {
      closed = true;
      until = os::later(os::now_steady(), end_limit);
    }
    int status = 0;
    // It may have forked, so that nobody closes the other end: its own end is looked for, too.
    if (::waitpid(daemon, &status, WNOHANG) == daemon) {
      if (!closed && listen(fd, milliseconds(0)) == heard::ready) return 0;
      return explain(status);
    }
    if (os::now_steady() < until) continue;
    report_line("curfew: the daemon has closed the descriptor on which it was to say that it is ready");
    return 1;
  }
}

int await_child(pid_t child) noexcept {
  int status = 0;
  while (::waitpid(child, &status, 0) != child)
    if (errno != EINTR) return -1;
  return shell_status(status);
}

}  // namespace curfew::inline v1::detail
