// SPDX-License-Identifier: Apache-2.0
#include "report/exit_text.hpp"

#include "os/errno_keeper.hpp"
#include "os/standard_descriptor.hpp"
#include "os/symbols.hpp"
#include "report/thread_text.hpp"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace curfew::inline v1::detail {
namespace {

/// stderr, or a file that is appended to.
class destination {
 public:
  explicit destination(std::string_view to) noexcept {
    if (to == "-") {
      fd_ = os::standard_descriptor(STDERR_FILENO);
    } else if (!to.empty()) {
      os::small_text<PATH_MAX> path;
      path << to;
      errno = ENAMETOOLONG;
      if (path.view().size() == to.size())
        fd_ = opened_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
      if (fd_ < 0) complain(to, errno);
    }
  }
  ~destination() {
    if (opened_ >= 0) ::close(opened_);
  }
  destination(const destination&) = delete;
  destination& operator=(const destination&) = delete;

  void write(std::string_view text) const noexcept {
    if (fd_ >= 0) os::write_all(fd_, text);
  }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  /// Once: of several lines that cannot be written the first says so.
  static void complain(std::string_view to, int error) noexcept {
    static constinit std::atomic<bool> done{false};
    if (done.exchange(true)) return;
    os::small_text<512> line;
    (line << "curfew: no report in ").quoted(to.substr(0, 300)) << ": ";
    if (const char* const text = os::error_text(error))
      line << text << "\n";
    else
      line << "error " << error << "\n";
    if (const int fd = os::standard_descriptor(STDERR_FILENO); fd >= 0) os::write_all(fd, line.view());
  }

  const os::errno_keeper keep_;
  int fd_ = -1;
  int opened_ = -1;
};

void write_threads(const destination& out, const char* what, std::span<const thread_info> threads) noexcept {
  for (const thread_info& t : threads) {
    report_text line;
    line << "curfew[" << ::getpid() << "]: " << what << ": ";
    append_thread(line, t, false);
    line << "\n";
    out.write(line.view());
  }
}

}  // namespace

namespace {

/// In a frame of its own: its texts are many pages of stack, which an exit without a report need not touch.
[[gnu::noinline]] void write_whole_report(const exit_report& r, std::string_view to) noexcept {
  const destination out(to);
  if (!out) return;
  write_threads(out, "waited for", r.waited_for);
  write_threads(out, "not waited for, it waits for the exiting thread or a daemon", r.not_waited_for);
  write_threads(out, "frozen", r.frozen);
  write_threads(out, "could not be frozen", r.not_frozen);
  report_text line;
  line << "curfew[" << ::getpid() << "]: exit: waited " << r.waited << " for " << r.waited_for.size() << ", froze "
       << r.frozen.size() << " in " << r.freeze_time;
  // Only a thread that held something when it was to be frozen makes a second round necessary.
  if (r.freeze_rounds > 1) line << " (" << r.freeze_rounds << " rounds)";
  if (r.shields_cut != 0) line << ", " << r.shields_cut << " shields past their limit";
  if (r.deadline_passed) line << ", deadline passed";
  line << "\n";
  out.write(line.view());
}

}  // namespace

void write_exit_report(const exit_report& r, std::string_view to) noexcept {
  if (!to.empty()) write_whole_report(r, to);
}

void write_exit_line(std::string_view line, std::string_view to) noexcept {
  const destination out(to);
  if (!out) return;
  os::small_text<2048> whole;
  whole << "curfew[" << ::getpid() << "]: " << line << "\n";
  out.write(whole.view());
}

}  // namespace curfew::inline v1::detail
