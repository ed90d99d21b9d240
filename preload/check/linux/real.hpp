// SPDX-License-Identifier: Apache-2.0
// The functions that this library stands in front of.
#pragma once

#include "check/linux/loaded_symbols.hpp"

#include <atomic>

namespace curfew::check {

/// The next definition of a function in the order of the loader. Looked up at start-up where that matters: before a
/// program has many libraries.
template <class Function>
class real_function {
 public:
  explicit constexpr real_function(const char* name, const char* version = nullptr) noexcept
      : name_(name), version_(version) {}

  Function* get() noexcept {
    Function* const f = function_.load(std::memory_order_relaxed);
    return f != nullptr ? f : find();
  }

  /// The same, and where there was none at start-up: the one that code at `caller` would have called.
  Function* get_for(const void* caller) noexcept {
    if (Function* const f = function_.load(std::memory_order_relaxed)) return f;
    return reinterpret_cast<Function*>(symbol_for_caller(caller, name_));
  }

  [[nodiscard]] bool is_known() const noexcept { return function_.load(std::memory_order_relaxed) != nullptr; }

 private:
  [[gnu::noinline, gnu::cold]] Function* find() noexcept {
    auto* const f = reinterpret_cast<Function*>(next_symbol(name_, version_));
    function_.store(f, std::memory_order_relaxed);
    return f;
  }

  const char* name_;
  const char* version_;
  std::atomic<Function*> function_{nullptr};
};

/// Looks them up now.
template <class... Functions>
void find_all(real_function<Functions>&... functions) noexcept {
  (functions.get(), ...);
}

}  // namespace curfew::check
