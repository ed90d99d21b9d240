// SPDX-License-Identifier: Apache-2.0
// Standing in front of the C library's functions.
#pragma once

#include "os/defer.hpp"

#include <dlfcn.h>

#include <atomic>

/// In front of each function here: visible to the whole program, and in a section of its own. A thread that is between
/// a lock and its being counted has its code in that section or in the C library, and is not frozen in either.
#define CURFEW_TRACKED [[gnu::visibility("default"), gnu::section("curfew_locks")]]

namespace curfew::inline v1::detail {

/// There is no next function in a program that was linked with -static: says so and ends it. Comes back where an older
/// C library just has not got that one.
void refuse_static_program() noexcept;

/// The function that the program's own stands in front of. Found at the first call, by as many threads as come: they
/// all find the same.
template <class Function>
class next_function {
 public:
  /// `version`: of a symbol that has several, where the newest is not what dlsym finds.
  explicit constexpr next_function(const char* name, const char* version = nullptr) noexcept
      : name_(name), version_(version) {}

  [[gnu::always_inline]] Function* get() noexcept {
    Function* const f = found();
    return f != nullptr ? f : find();
  }
  /// Null before the first call. Relaxed: what it points to was there before any thread of ours.
  [[gnu::always_inline, nodiscard]] Function* found() const noexcept {
    return function_.load(std::memory_order_relaxed);
  }

 private:
  [[gnu::noinline, gnu::cold]] Function* find() noexcept {
    void* f = version_ != nullptr ? ::dlvsym(RTLD_NEXT, name_, version_) : nullptr;
    if (f == nullptr) f = ::dlsym(RTLD_NEXT, name_);
    if (f == nullptr) refuse_static_program();
    function_.store(reinterpret_cast<Function*>(f), std::memory_order_relaxed);
    return reinterpret_cast<Function*>(f);
  }

  const char* name_;
  const char* version_;
  std::atomic<Function*> function_{nullptr};
};

}  // namespace curfew::inline v1::detail
