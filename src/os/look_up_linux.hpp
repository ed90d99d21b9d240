// SPDX-License-Identifier: Apache-2.0
// What can only be found by its name at run time, in the C library. Of the Linux back end only.
#pragma once

#include <curfew/forward.hpp>

#include <dlfcn.h>

#include <atomic>

namespace curfew::inline v1::detail::os {

/// Null where the C library has none, or its table cannot be read without a lock.
void* find_in_c_library(const char* name) noexcept;

/// A function or a variable, looked for in the C library's own table of symbols. Where that cannot be read (before
/// glibc 2.35, with -static), the loader is asked, whose lock a thread in the initialiser of a library may keep for
/// ever: look_up_functions() asks for all of them in time.
class symbol_by_name {
 public:
  /// `version`: of a symbol that has an older one too, or null. `where`: RTLD_DEFAULT or RTLD_NEXT.
  constexpr symbol_by_name(const char* name, const char* version, bool next) noexcept
      : name_(name), version_(version), next_(next) {}

  [[nodiscard]] const char* name() const noexcept { return name_; }

  /// Null where there is none.
  void* get() noexcept {
    if (known_.load(std::memory_order_acquire)) return found_.load(std::memory_order_relaxed);
    void* found = find_in_c_library(name_);
    if (found == nullptr) found = ask_loader();
    found_.store(found, std::memory_order_relaxed);
    known_.store(true, std::memory_order_release);
    return found;
  }

 private:
  void* ask_loader() const noexcept {
    void* const where = next_ ? RTLD_NEXT : RTLD_DEFAULT;
    // A search that fails would allocate the text of the error.
    return version_ != nullptr ? ::dlvsym(where, name_, version_) : ::dlsym(where, name_);
  }

  const char* name_;
  const char* version_;
  bool next_;
  std::atomic<void*> found_{nullptr};
  std::atomic<bool> known_{false};
};

void look_up_end_of_thread_locals() noexcept;
void look_up_condition_functions() noexcept;
void look_up_list_of_streams() noexcept;

}  // namespace curfew::inline v1::detail::os
