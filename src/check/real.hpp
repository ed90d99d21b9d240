// SPDX-License-Identifier: Apache-2.0
// The functions that this library stands in front of.
#pragma once

#include <dlfcn.h>

#include <atomic>

namespace curfew::check {

/// The next definition of a function in the order of the loader. Looked up at start-up where that matters: a look-up
/// takes the loader's lock.
template <class Function>
class real_function {
 public:
  explicit constexpr real_function(const char* name, const char* version = nullptr) noexcept
      : name_(name), version_(version) {}

  Function* get() noexcept {
    Function* const f = function_.load(std::memory_order_relaxed);
    return f != nullptr ? f : find();
  }

  [[nodiscard]] bool is_known() const noexcept { return function_.load(std::memory_order_relaxed) != nullptr; }

 private:
  [[gnu::noinline, gnu::cold]] Function* find() noexcept {
    void* f = version_ != nullptr ? ::dlvsym(RTLD_NEXT, name_, version_) : nullptr;
    if (f == nullptr) f = ::dlsym(RTLD_NEXT, name_);
    function_.store(reinterpret_cast<Function*>(f), std::memory_order_relaxed);
    return reinterpret_cast<Function*>(f);
  }

  const char* name_;
  const char* version_;
  std::atomic<Function*> function_{nullptr};
};

}  // namespace curfew::check
