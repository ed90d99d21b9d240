// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/input.hpp>

#include "os/defer.hpp"
#include "os/readable.hpp"
#include "registry/registry.hpp"
#include "sync/misuse.hpp"

#include <curfew/thread.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

struct stop_waker {
  const os::wake_event& event;
  void operator()() const noexcept { event.wake(); }
};

/// Rings when a stop is requested. The stop state's own lock counts as one: see parking.cpp.
class wake_on_stop {
 public:
  wake_on_stop(const os::wake_event& event, const std::stop_token& token) {
    os::defer();
    callback_.emplace(token, stop_waker{event});
    os::allow();
  }
  ~wake_on_stop() {
    os::defer();
    callback_.reset();
    os::allow();
  }
  wake_on_stop(const wake_on_stop&) = delete;
  wake_on_stop& operator=(const wake_on_stop&) = delete;

 private:
  std::optional<std::stop_callback<stop_waker>> callback_;
};

}  // namespace

wait_end wait_readable_until_steady(int fd, stop_choice stop, steady_time deadline) {
  // Without a look at the token first: what is there is there.
  if (os::wait_readable(fd, nullptr, steady_time{}) == os::readable::yes) return wait_end::ready;
  const waiting inside;
  std::stop_token own;
  if (stop == nullptr) {
    if (own_record_if_known() != nullptr) own = this_thread::get_stop_token();
    stop = &own;
  }
  os::readable seen;
  if (stop->stop_possible()) {
    const os::wake_event event;
    const wake_on_stop wakes(event, *stop);
    seen = os::wait_readable(fd, &event, deadline);
  } else {
    seen = os::wait_readable(fd, nullptr, deadline);
  }
  if (seen == os::readable::yes) return wait_end::ready;
  return seen == os::readable::woken ? wait_end::stopped : wait_end::timed_out;
}

}  // namespace detail

namespace {

/// Asked by who finds nothing although there was said to be something: that can go on for ever.
bool is_over(detail::stop_choice stop, detail::steady_time deadline) noexcept {
  if (detail::kernel_now() >= deadline) return true;
  if (stop != nullptr) return stop->stop_requested();
  return detail::own_record_if_known() != nullptr && this_thread::stop_requested();
}

}  // namespace

std::optional<std::string> line_reader::read_until_steady(detail::stop_choice stop, detail::steady_time deadline,
                                                          std::size_t at_a_time) {
  for (;;) {
    const auto newline = buffer_.find('\n', scanned_);
    const auto length = std::min(newline, buffer_.size()) - begin_;
    if (skipping_ || length > longest_) {
      const bool was_told = skipping_;
      skipping_ = newline == std::string::npos && !ended_;
      begin_ = scanned_ = std::min(begin_ + length + 1, buffer_.size());
      if (!was_told) detail::misuse(std::errc::message_size, "curfew: line_reader: the line is longer than the limit");
      if (!skipping_) continue;
    } else if (newline != std::string::npos || (ended_ && length != 0)) {
      std::string line = buffer_.substr(begin_, length);
      begin_ = scanned_ = std::min(begin_ + length + 1, buffer_.size());
      if (begin_ == buffer_.size()) {
        buffer_.clear();
        begin_ = scanned_ = 0;
      }
      return line;
    }
    if (ended_) return {};
    scanned_ = buffer_.size();
    {
      detail::parking_place place;  // so that the destructor finds a daemon that waits here
      place.enter(this);
      if (detail::wait_readable_until_steady(fd_, stop, deadline) != detail::wait_end::ready) return {};
    }
    buffer_.erase(0, std::exchange(begin_, 0));
    const std::size_t before = scanned_ = buffer_.size();
    buffer_.resize(before + at_a_time);
    std::ptrdiff_t got = -1;
    try {
      got = detail::os::read_some(fd_, buffer_.data() + before, at_a_time);
    } catch (...) {
      buffer_.resize(before);
      throw;
    }
    buffer_.resize(before + static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0)));
    ended_ = got == 0;
    if (got < 0 && is_over(stop, deadline)) return {};
  }
}

std::optional<std::string> read_line(int fd) {
  return line_reader(fd).read_until_steady(nullptr, detail::steady_time::max(), 1);
}

std::optional<std::string> read_line(int fd, const std::stop_token& stop) {
  return line_reader(fd).read_until_steady(&stop, detail::steady_time::max(), 1);
}

}  // namespace curfew::inline v1
