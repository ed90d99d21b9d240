// SPDX-License-Identifier: Apache-2.0
#include "exit/stream_holder.hpp"

#include "exit/probe_thread.hpp"
#include "os/c_library.hpp"
#include "os/clock.hpp"

#include <chrono>
#include <cstdio>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr auto hold_limit = milliseconds(2);

/// One stream and the thread that waits for it. That may wait for ever, and is asked again only when it is back.
class held_stream {
 public:
  void make() noexcept {
    if (with_ == nullptr) with_ = probe_thread::make();
  }
  /// In the child of a fork, which may have come while the stream was held.
  void forget() noexcept {
    with_ = nullptr;
    wanted_.store(0);
    held_.store(0);
  }

  void want(void (*job)()) noexcept {
    wanted_.store(1);
    if (with_ != nullptr && !with_->busy()) with_->run(job, os::now_steady());
  }
  void wait(steady_time until) noexcept {
    while (with_ != nullptr && held_.load() == 0 && os::futex_wait(held_, 0, until)) {
    }
  }
  void release() noexcept {
    wanted_.store(0);
    os::futex_wake(wanted_);
    while (held_.load() == 1) os::futex_wait(held_, 1);  // it waits for nobody but us
  }

  /// On the thread.
  void hold(FILE* stream) noexcept {
    ::flockfile(stream);
    set_held(1);
    while (wanted_.load() == 1) os::futex_wait(wanted_, 1);
    ::funlockfile(stream);
    set_held(0);
  }

 private:
  void set_held(std::uint32_t value) noexcept {
    held_.store(value);
    os::futex_wake(held_);
  }

  probe_thread* with_ = nullptr;
  os::futex_word wanted_{0};
  os::futex_word held_{0};
};

constinit held_stream out;
constinit held_stream err;

}  // namespace

void make_stream_holders() noexcept {
  out.make();
  err.make();
}

void forget_stream_holders_after_fork() noexcept {
  out.forget();
  err.forget();
}

stream_holder::stream_holder() noexcept {
  out.want([] { out.hold(stdout); });
  err.want([] { err.hold(stderr); });
  const auto limit = os::now_steady() + hold_limit;
  out.wait(limit);
  err.wait(limit);
  if (!os::loader_lock_is_known()) return;
  do loader_ = os::try_lock_loader();
  while (!loader_ && os::now_steady() < limit + hold_limit);
}

stream_holder::~stream_holder() {
  if (loader_) os::unlock_loader();
  out.release();
  err.release();
}

}  // namespace curfew::inline v1::detail
