// SPDX-License-Identifier: Apache-2.0
#include <curfew/service/notifier.hpp>

#include "exit/host_parts.hpp"
#include "exit/options.hpp"
#include "exit/policy.hpp"
#include "exit/probe_thread.hpp"
#include "exit/request.hpp"
#include "exit/state.hpp"
#include "os/defer.hpp"
#include "os/lock.hpp"
#include "os/standard_descriptor.hpp"
#include "os/symbols.hpp"
#include "service/exit_progress.hpp"
#include "service/messages.hpp"
#include "service/watch_list.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// How often the manager hears what the exit waits for, and what could not be sent is tried again.
constexpr milliseconds exit_every{200}, retry_every{200};
constexpr seconds extend_every{1}, extend_by{10};
/// What an exit may take beyond its deadline: to write out streams.
constexpr seconds end_margin{5};

/// Constant-initialised and never destroyed: the notifier speaks until the process ends.
struct notifier_state {
  os::lock mutex;
  std::atomic<pid_t> process{0};  ///< whose notifier it is; 0: there is none that speaks
  std::atomic<bool> exists{false};
  std::atomic<bool> has_helper{false};
  hook_id hook{};  ///< of the notifier that exists
  std::atomic<microseconds> watchdog{microseconds(0)};
  // Under the lock.
  manager_socket socket;
  messages outbox;
  std::optional<milliseconds> extend_stop;
  steady_time stopping_since{};
  int error = 0;  ///< of the last try
};
constinit notifier_state state;

class locked {
 public:
  locked() noexcept { state.mutex.acquire(); }
  ~locked() { state.mutex.release(); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;

 private:
  os::no_freeze unfrozen_;
};

bool speaks() noexcept { return state.process.load() == ::getpid(); }

void flush_locked() noexcept { state.error = state.outbox.flush(state.socket); }

/// Once, whoever comes first.
void say_stopping() noexcept {
  if (!speaks()) return;
  const locked lock;
  if (state.outbox.state() == service_state::stopping) return;
  state.stopping_since = os::now_steady();
  state.outbox.set_state(service_state::stopping);
  flush_locked();
}

/// From STOPPING=1 there is no way back: the manager waits for the process to end, and ends it.
void fall_silent_for_restart() {
  const locked lock;
  if (state.outbox.state() == service_state::stopping) state.process.store(0);
}
constexpr host_part in_host{&fall_silent_for_restart, nullptr, nullptr, nullptr};

/// The helper thread's work. It takes no lock of the program's, and does not allocate.
class speaker {
 public:
  void run() noexcept {
    for (;;) {
      const std::uint32_t seen = news_of_the_exit().load();
      until_ = os::forever;
      if (speaks()) {
        now_ = os::now_steady();
        feed_watchdog();
        if (exit_requested() || exit_has_begun()) say_stopping();
        tell_exit();
        retry();
        complain();
      }
      os::futex_wait(news_of_the_exit(), seen, until_, os::mark_of_own);
    }
  }

 private:
  void look_again(steady_time at) noexcept { until_ = std::min(until_, at); }

  void feed_watchdog() noexcept {
    const microseconds interval = state.watchdog.load();
    if (interval == microseconds(0)) return;
    if (interval != std::exchange(interval_, interval)) next_feed_ = now_;
    if (now_ < next_feed_) return look_again(next_feed_);
    next_feed_ = os::later(now_, std::max<std::chrono::nanoseconds>(interval / 3, milliseconds(1)));
    look_again(next_feed_);
    // Behind the wait for threads some are frozen, and the exit has limits of its own.
    watch_list::stalled stalled;
    if (exit_phase() < phase::stopping) stalled = watch_list::find_stalled(interval, now_);
    const bool is_stalled = stalled.since != std::chrono::nanoseconds(0);
    if (is_stalled && !was_stalled_) {
      status_text text;
      (text << "watchdog: ").quoted(stalled.name.view()) << " has made no progress for " << stalled.since;
      {
        const locked lock;
        if (state.outbox.state() != service_state::stopping) state.outbox.set_status(text);
        flush_locked();
      }
      os::small_text<1100> line;
      line << "curfew: " << text.view() << ": WATCHDOG=1 is withheld";
      say(line.view());
    }
    was_stalled_ = is_stalled;
    if (is_stalled) return;
    const locked lock;
    if (const int error = state.socket.send("WATCHDOG=1\n")) state.error = error;
  }

  void tell_exit() noexcept {
    {
      const locked lock;
      if (state.outbox.state() != service_state::stopping) return;
    }
    // finish() is over, and the program goes on.
    if (exit_now.steps_done.load() && !exit_now.in_exit_call.load()) return;
    look_again(os::later(now_, exit_every));
    status_text text;
    append_exit_progress(text);
    const steady_time end = end_of_extension();
    const locked lock;
    state.outbox.set_status(text);
    if (now_ >= next_extension_) {
      const auto left = end - now_;
      if (left > std::chrono::nanoseconds(0)) {
        state.outbox.extend_stop(
            std::chrono::duration_cast<microseconds>(std::min<std::chrono::nanoseconds>(left, extend_by)));
        next_extension_ = os::later(now_, extend_every);
      }
    }
    flush_locked();
  }

  /// Until when the manager is asked to wait; long past: it is not asked.
  static steady_time end_of_extension() noexcept {
    steady_time since;
    {
      const locked lock;
      since = state.stopping_since;
      if (state.extend_stop) return os::later(since, *state.extend_stop);
    }
    steady_time deadline = exit_now.deadline.load();
    if (!exit_has_begun()) {  // main may still have something to do: as if it had begun at once
      const auto option = options_now().deadline;
      deadline = option ? os::later(since, *option) : os::forever;
    }
    return deadline == os::forever ? steady_time{} : os::later(deadline, end_margin);
  }

  void retry() noexcept {
    const locked lock;
    if (!state.outbox.pending()) return;
    flush_locked();
    if (state.outbox.pending()) look_again(os::later(now_, retry_every));
  }

  void complain() noexcept {
    int error = 0;
    {
      const locked lock;
      error = state.error;
    }
    if (error == 0 || complained_) return;
    complained_ = true;
    os::small_text<300> line;
    line << "curfew: the service manager cannot be told how the service is: ";
    if (error == EAGAIN)
      line << "nobody reads NOTIFY_SOCKET";
    else if (const char* const text = os::error_text(error))
      line << "NOTIFY_SOCKET: " << text;
    else
      line << "NOTIFY_SOCKET: error " << error;
    line << "; it is tried again";
    say(line.view());
  }

  /// stderr may have no reader either: the watchdog is more important than a line.
  static void say(std::string_view line) noexcept {
    const int fd = os::standard_descriptor(STDERR_FILENO);
    if (fd >= 0 && os::can_be_written(fd, os::later(os::now_steady(), milliseconds(1)))) report_line(line);
  }

  microseconds interval_{0};
  steady_time now_{}, until_{}, next_feed_{}, next_extension_{};
  bool was_stalled_ = false, complained_ = false;
};

void speak() noexcept {
  speaker helper;
  helper.run();
}

constexpr exit_helper notify_thread{"curfew-notify", &speak};

/// The child has no helper, and nothing to say: it is not the service.
void handle_forks() {
  static const int once = ::pthread_atfork([] { state.mutex.acquire(); }, [] { state.mutex.release(); },
                                           [] {
                                             state.process.store(0);
                                             state.exists.store(false);
                                             state.has_helper.store(false);
                                             state.mutex.release();
                                           });
  static_cast<void>(once);
}

/// The begin of a text, up to a place between two characters of UTF-8: managers drop a status that is none.
std::string_view begin_of(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80) --most;
  return text.substr(0, most);
}

void set_and_flush(const service_state* next, std::string_view text) noexcept {
  if (!speaks()) return;
  status_text status;
  status.cleaned(begin_of(text, most_of_status));
  {
    const locked lock;
    if (state.outbox.state() == service_state::stopping) return;
    if (next != nullptr) state.outbox.set_state(*next);
    if (!text.empty() || next == nullptr) state.outbox.set_status(status);
    flush_locked();
    if (state.error == 0) return;
  }
  tell_who_waits_for_exit();  // the helper is one of them
}

}  // namespace
}  // namespace detail

service_notifier::service_notifier(const service_options& options) {
  using namespace detail;
  initialise();
  if (options.extend_stop && *options.extend_stop < milliseconds(0))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: service_notifier: a negative extend_stop");
  const manager_address manager = parse_notify_socket(std::getenv("NOTIFY_SOCKET"));
  const microseconds interval = parse_watchdog(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"));
  handle_forks();
  if (state.exists.exchange(true))
    throw std::system_error(std::make_error_code(std::errc::device_or_resource_busy),
                            "curfew: service_notifier: there is one already");
  try {
    if (manager.size == 0) {
      state.process.store(0);
    } else {
      {
        const locked lock;
        state.socket.open(manager);
        state.outbox = {};
        state.extend_stop = options.extend_stop;
        state.error = 0;
      }
      set_host_part(host_part_of::notifier, in_host);
      state.watchdog.store(interval);
      state.process.store(::getpid());
      if (!state.has_helper.exchange(true) && !make_exit_helper(notify_thread)) {
        state.has_helper.store(false);
        state.process.store(0);
        throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                                "curfew: service_notifier: the system cannot make its thread");
      }
      // The helper says it as soon as the exit begins, but a short exit may be over before that.
      state.hook = before_wait("tell the service manager", [] { say_stopping(); });
      tell_who_waits_for_exit();
    }
  } catch (...) {
    state.process.store(0);
    state.exists.store(false);
    throw;
  }
  if (!options.unset_environment) return;
  for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
}

service_notifier::~service_notifier() {
  using namespace detail;
  say_stopping();
  if (speaks()) remove_hook(state.hook);
  state.exists.store(false);
}

bool service_notifier::active() const noexcept { return detail::speaks(); }

std::chrono::microseconds service_notifier::watchdog() const noexcept {
  return detail::speaks() ? detail::state.watchdog.load() : std::chrono::microseconds(0);
}

void service_notifier::ready(std::string_view text) noexcept {
  constexpr auto next = detail::service_state::ready;
  detail::set_and_flush(&next, text);
}

void service_notifier::status(std::string_view text) noexcept { detail::set_and_flush(nullptr, text); }

void service_notifier::reloading() noexcept {
  constexpr auto next = detail::service_state::reloading;
  detail::set_and_flush(&next, {});
}

}  // namespace curfew::inline v1
