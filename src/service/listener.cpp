// SPDX-License-Identifier: Apache-2.0
#include <curfew/service/listener.hpp>

#include "os/clock.hpp"
#include "os/futex.hpp"
#include "registry/record.hpp"
#include "service/drain_state.hpp"

#include <curfew/service/readiness.hpp>

#include <algorithm>
#include <exception>
#include <system_error>

namespace curfew::inline v1 {
namespace {

using namespace detail;
using std::chrono::milliseconds;

/// How often the number of requests is told while they are waited for.
constexpr milliseconds count_every{100};

/// A stop request does not end it: the exit asked for it, and main was asked to stop long ago.
void wait_all_of(milliseconds delay) noexcept {
  const waiting inside;
  const auto until = os::later(os::now_steady(), delay);
  for (auto now = os::now_steady(); now < until; now = os::now_steady()) os::pause_for(until - now);
}

struct step_of_drain {
  step_of_drain() = default;
  ~step_of_drain() { drain_now.step.store(drain_step::none); }
  step_of_drain(const step_of_drain&) = delete;
  step_of_drain& operator=(const step_of_drain&) = delete;
};

}  // namespace

request_in_flight::~request_in_flight() {
  // The counter may be gone as soon as the last request is.
  std::atomic<std::uint32_t>& word = counter_.word_;
  if (word.fetch_sub(1) == (request_counter::waited_for | 1)) os::futex_wake(word);
}

bool request_counter::wait_until_none(std::chrono::nanoseconds limit) noexcept {
  const waiting inside;
  const auto until = os::later(os::now_steady(), limit);
  word_.fetch_or(waited_for);
  bool none = false;
  for (;;) {
    const std::uint32_t seen = word_.load();
    none = (seen & ~waited_for) == 0;
    // Another that waited may have taken the mark away.
    if (none || os::now_steady() >= until) break;
    if ((seen & waited_for) == 0)
      word_.fetch_or(waited_for);
    else
      os::futex_wait(word_, seen, until);
  }
  word_.fetch_and(~waited_for);
  return none;
}

std::size_t drain_listener(const listener_drain& drain) {
  if (drain.pre_stop_delay < milliseconds(0))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: drain_listener: a negative pre_stop_delay");
  const step_of_drain end;
  if (drain.ready != nullptr) drain.ready->set(false);
  drain_now.step.store(drain_step::pre_stop_delay);
  wait_all_of(drain.pre_stop_delay);

  drain_now.step.store(drain_step::stop_accepting);
  std::exception_ptr thrown;
  try {
    if (drain.stop_accepting) drain.stop_accepting();
  } catch (...) {
    thrown = std::current_exception();
    if (!thrown) throw;  // not C++'s: what ends a thread, where the runtime has no name for it
  }

  std::size_t left = 0;
  if (drain.requests != nullptr) {
    const auto until = drain.limit < milliseconds(0) ? os::forever : os::later(os::now_steady(), drain.limit);
    for (;;) {
      left = drain.requests->in_flight();
      drain_now.in_flight.store(left);
      drain_now.step.store(drain_step::requests);
      const auto now = os::now_steady();
      if (left == 0 || now >= until) break;
      drain.requests->wait_until_none(std::min<std::chrono::nanoseconds>(until - now, count_every));
    }
  }
  if (thrown) std::rethrow_exception(thrown);
  return left;
}

}  // namespace curfew::inline v1
