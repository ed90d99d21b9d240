// SPDX-License-Identifier: Apache-2.0
// What the baseline has instead of curfew: every thread is a std::thread that was detached. Only the names that the
// programs use.
#pragma once

#include <cstdlib>
#include <exception>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace curfew {

struct thread_options {
  std::optional<bool> daemon{};
};

class thread {
 public:
  thread() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, thread>) explicit thread(F&& f) : thread_(std::forward<F>(f)) {}
  template <class F>
  thread(thread_options, F&& f) : thread_(std::forward<F>(f)) {}
  thread(thread&&) = default;
  thread& operator=(thread&& other) noexcept {
    give_up();
    thread_ = std::move(other.thread_);
    return *this;
  }
  ~thread() { give_up(); }

  void join() { thread_.join(); }
  void detach() { thread_.detach(); }

 private:
  void give_up() noexcept {
    if (thread_.joinable()) thread_.detach();
  }
  std::thread thread_;
};

struct exit_in_progress : std::exception {};

struct shield {
  explicit operator bool() const noexcept { return true; }
};

}  // namespace curfew
