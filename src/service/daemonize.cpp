// SPDX-License-Identifier: Apache-2.0
#include <curfew/daemonize.hpp>

#include "exit/policy.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/small_text.hpp"
#include "os/standard_descriptor.hpp"
#include "os/tasks.hpp"
#include "service/pid_file.hpp"
#include "service/start_report.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::milliseconds;

constinit std::atomic<pid_t> daemon_process{0};

[[noreturn]] void refuse(std::errc code, const std::string& why) {
  throw std::system_error(std::make_error_code(code), "curfew: daemonize: " + why);
}

class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// A fork takes the calling thread along and no other.
void must_be_alone() {
  pid_t tasks[16];
  const int most = 1 + os::sanitizer_tasks;
  int count = 0;
  // A thread that was joined is listed for a moment more.
  for (int tries = 0; tries < 50; ++tries) {
    count = os::list_tasks(tasks);
    if (count <= most) return;
    os::pause_for(milliseconds(2));
  }
  std::string names;
  const int known = std::min(count, static_cast<int>(std::size(tasks)));
  for (int i = 0; i < known; ++i) {
    if (tasks[i] == ::gettid()) continue;
    char name[16];
    names.append(names.empty() ? "\"" : ", \"").append(os::name_of_task(tasks[i], name)).append("\"");
  }
  refuse(std::errc::operation_not_permitted, "the process has other threads (" + names +
                                                 "), which would not exist in the daemon; call it before any thread is "
                                                 "started, and before exit_on_signals() and service_notifier");
}

int open_folder(std::string_view path) {
  if (path.empty()) return -1;
  const std::string name(path);
  const int fd = ::open(name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "curfew: daemonize: " + name);
  return fd;
}

void to_null(int from, int to) noexcept {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (null < 0) return;
  for (int fd = from; fd <= to; ++fd) ::dup2(null, fd);
  if (null > to) ::close(null);
}

/// What is opened next must not get the number of a standard descriptor that the starter has closed.
void open_standard_descriptors() noexcept {
  int fd;
  do fd = ::open("/dev/null", O_RDWR | O_NOCTTY);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) ::close(fd);
}

/// SIGCHLD's action may be inherited, and "ignored" would take the daemon's status away.
class default_child_signal {
 public:
  default_child_signal() noexcept {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGCHLD, &action, &before_);
  }
  ~default_child_signal() { ::sigaction(SIGCHLD, &before_, nullptr); }
  default_child_signal(const default_child_signal&) = delete;
  default_child_signal& operator=(const default_child_signal&) = delete;

 private:
  struct sigaction before_ {};
};

/// In the process between: it has the session until the daemon is ready, and is nobody's then.
[[noreturn]] void lead(int starter, pid_t daemon) noexcept {
  if (daemon < 0) {
    report_line("curfew: daemonize: the second fork has failed");
    ::_exit(1);
  }
  ::_exit(await_start(starter, daemon));
}

}  // namespace
}  // namespace detail

daemonized::daemonized(daemonized&& other) noexcept : starter_(other.starter_), keep_output_(other.keep_output_) {
  other.starter_ = -1;
}

daemonized::~daemonized() {
  if (starter_ >= 0) ::close(starter_);
}

void daemonized::ready() noexcept {
  using namespace detail;
  if (starter_ < 0) return;
  const os::errno_keeper keep;
  if (!keep_output_) {
    std::fflush(nullptr);
    to_null(STDOUT_FILENO, STDERR_FILENO);
    os::note_standard_descriptors();
  }
  // Nobody may be there any more, which is no fault of the daemon's.
  ::send(starter_, "r", 1, MSG_NOSIGNAL);
  ::close(starter_);
  starter_ = -1;
}

daemonized daemonize(const daemonize_options& options) {
  using namespace detail;
  initialise();
  for (const std::string_view path : {options.pid_file, options.directory})
    if (path.find('\0') != std::string_view::npos) refuse(std::errc::invalid_argument, "a path that contains a NUL");
  if (daemon_process.load() == ::getpid())
    refuse(std::errc::operation_not_permitted, "the process is a daemon already");
  must_be_alone();
  open_standard_descriptors();
  const descriptor folder(open_folder(options.directory));
  std::optional<pid_file> file;
  if (!options.pid_file.empty()) file.emplace(options.pid_file);
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    throw std::system_error(errno, std::generic_category(), "curfew: daemonize: socketpair");
  descriptor starter(pair[0]), daemon(pair[1]);
  std::fflush(nullptr);  // otherwise each of the processes would write it
  {
    const default_child_signal meanwhile;
    const pid_t between = ::fork();
    if (between < 0) throw std::system_error(errno, std::generic_category(), "curfew: daemonize: fork");
    if (between > 0) {
      const int status = await_child(between);
      ::_exit(status >= 0 ? status : 1);
    }
    ::setsid();
    // Without the session's lead it can never get a terminal again.
    if (const pid_t second = ::fork(); second != 0) {
      ::close(daemon.release());
      lead(starter.get(), second);
    }
  }
  daemon_process.store(::getpid());
  ::close(starter.release());
  to_null(STDIN_FILENO, STDIN_FILENO);
  if (folder.get() >= 0 && ::fchdir(folder.get()) != 0)
    throw std::system_error(errno, std::generic_category(), "curfew: daemonize: " + std::string(options.directory));
  if (options.umask) ::umask(static_cast<mode_t>(*options.umask & 0777U));
  if (file) file->keep();
  return daemonized(daemon.release(), options.keep_output);
}

}  // namespace curfew::inline v1
