// SPDX-License-Identifier: Apache-2.0
// Asking the program to end: request_exit, wait_for_exit, exit_on_signals.
#include "exit/request.hpp"

#include "exit/last_resort.hpp"
#include "exit/options.hpp"
#include "exit/probe_thread.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/exit_calls.hpp"
#include "os/futex.hpp"
#include "os/small_text.hpp"
#include "registry/registry.hpp"

#include <curfew/exit.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace curfew::inline v1 {
namespace detail {
namespace {

/// Lock-free atomics only: signal handlers write here.
struct request_state {
  os::futex_word news{0};       ///< bumped by every request and every signal
  std::atomic<int> status{-1};  ///< of the first request
  std::atomic<int> signals{0};  ///< how many of the signals of exit_on_signals have come and counted
  std::atomic<steady_time> last_signal{steady_time{}};  ///< that counted
  std::atomic<std::chrono::milliseconds> spacing{std::chrono::milliseconds(500)};
  std::atomic<int> end_now{0};       ///< the status that the second of them asks for
  std::atomic<bool> asked{false};    ///< threads have been asked to stop
  std::atomic<bool> serving{false};  ///< the service thread looks at a request, and may ask
  std::atomic<bool> service{false};
  std::atomic<std::uint64_t> to_take{0};  ///< the signals of exit_on_signals, a bit for each
};
constinit request_state request;

void tell() noexcept {
  request.news.fetch_add(1);
  os::futex_wake(request.news);
}

/// Once: everybody who takes a token, and the main thread, which may look at its own.
void ask_everybody() noexcept {
  if (request.asked.exchange(true)) return;
  for (auto& r :
       records_where(listed::live, [](const record& x) { return x.takes_token || x.kind == thread_kind::main; })) {
    std::stop_source stop(std::nostopstate);
    {
      const lock_registry lock;  // the main thread's is made when it first asks for it
      stop = r->stop;
    }
    stop.request_stop();
  }
}

/// The service thread does not block what exit_on_signals was given: a program may block it in all of its own threads.
void let_signals_in() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (int number = 1; number < NSIG; ++number)
    if ((request.to_take.load() >> (number - 1) & 1) != 0) sigaddset(&set, number);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

/// The service thread: what a signal handler must not do itself.
void serve() noexcept {
  for (;;) {
    const std::uint32_t seen = request.news.load();
    let_signals_in();
    if (const int status = request.end_now.load()) {
      os::small_text<128> line;
      line << "curfew: ended by a second signal, with status " << status;
      end_process(status, {.why = line.view()});
    }
    request.serving.store(true);
    if (request.status.load() >= 0) ask_everybody();
    request.serving.store(false);
    os::futex_wait_for_signal(request.news, seen, os::forever, os::mark_of_own);
  }
}

constexpr exit_helper service_thread{"curfew-service", &serve};

/// One request may come as several signals: only the first of them counts.
bool begins_a_request() noexcept {
  const auto spacing = request.spacing.load();
  const auto now = os::now_steady();
  steady_time last = request.last_signal.load();
  if (last != steady_time{} && now < os::later(last, spacing)) return false;
  // Another thread, or a handler that has interrupted this one, may have come between.
  return request.last_signal.compare_exchange_strong(last, now) || spacing == std::chrono::milliseconds(0);
}

void handle_signal(int number) {
  const os::errno_keeper keep;
  if (!begins_a_request()) return;
  switch (request.signals.fetch_add(1)) {
    case 0:
      return request_exit(0);
    case 1:
      // The child of a fork has the handler and not the service thread.
      if (!request.service.load()) os::end_now(128 + number);
      request.end_now.store(128 + number);
      return tell();
    default:
      os::end_now(128 + number);  // somebody means it
  }
}

}  // namespace

void tell_who_waits_for_exit() noexcept { tell(); }

const os::futex_word& news_of_the_exit() noexcept { return request.news; }

bool everybody_was_asked() noexcept { return request.asked.load(); }

void set_signal_spacing(std::chrono::milliseconds spacing) noexcept {
  constexpr std::chrono::milliseconds for_ever = std::chrono::hours(24 * 366);  // sums of times stay in range
  request.spacing.store(std::min(spacing, for_ever));
}

void forget_requests_for_restart() noexcept {
  request.status.store(-1);
  request.end_now.store(0);
  request.signals.store(0);
  request.last_signal.store(steady_time{});
  // Threads of the next life must not be asked for a request of this one.
  while (request.serving.load()) os::pause_for(std::chrono::microseconds(50));
  request.asked.store(false);
}

void forget_requests_after_fork() noexcept {
  request.serving.store(false);
  request.last_signal.store(steady_time{});
  request.to_take.store(0);
  request.service.store(false);
  request.signals.store(0);
  request.status.store(-1);
  request.end_now.store(0);
  request.asked.store(false);
}

void exit_on(std::span<const int> signals) {
  initialise();
  set_signal_spacing(options_now().second_signal_after);
  for (const int number : signals)
    if (number <= 0 || number >= NSIG || number == SIGKILL || number == SIGSTOP)
      throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                              "curfew: exit_on_signals: signal " + std::to_string(number));
  if (!request.service.exchange(true) && !make_exit_helper(service_thread)) {
    request.service.store(false);
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                            "curfew: exit_on_signals: the system cannot make the service thread");
  }
  struct sigaction action {};
  action.sa_handler = &handle_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : signals) {
    if (::sigaction(number, &action, nullptr) != 0)
      throw std::system_error(errno, std::generic_category(), "curfew: exit_on_signals: sigaction");
    request.to_take.fetch_or(std::uint64_t{1} << (number - 1));
    tell();  // not before the handler is there: the signal may be pending
  }
}

}  // namespace detail

void request_exit(int status) noexcept {
  const detail::os::errno_keeper keep;
  int none = -1;
  detail::request.status.compare_exchange_strong(none, status & 0xff);
  detail::tell();
}

bool exit_requested() noexcept { return detail::request.status.load() >= 0; }

int wait_for_exit() {
  using namespace detail;
  initialise();
  own_record();
  {
    const waiting inside;
    for (;;) {
      const std::uint32_t seen = request.news.load();
      if (request.status.load() >= 0 || exit_has_begun()) break;
      os::futex_wait_for_signal(request.news, seen);
    }
  }
  if (request.status.load() < 0) return std::max(exit_now.status.load(), 0);  // the exit asks everybody in its turn
  ask_everybody();
  return request.status.load();
}

void exit_on_signals(std::initializer_list<int> signals) { detail::exit_on({signals.begin(), signals.size()}); }

}  // namespace curfew::inline v1
