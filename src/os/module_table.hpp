// SPDX-License-Identifier: Apache-2.0
// Which file each piece of code is of, for signal handlers: the loader's own answers take its lock.
#pragma once

#include <curfew/forward.hpp>

#include <cstddef>
#include <cstdint>

namespace curfew::inline v1::detail::os {

struct module_range {
  std::uintptr_t begin = 0, end = 0;  ///< of its code
  std::uintptr_t bias = 0;            ///< what the addresses of its file are moved by
  const char* path = nullptr;
};

/// Large: not for the stack. Async-signal-safe.
class module_table {
 public:
  /// Reads what is loaded now. Modules beyond the capacity are left out.
  void read() noexcept;
  /// Null: no module that is known.
  [[nodiscard]] const module_range* find(std::uintptr_t code) const noexcept;

 private:
  static constexpr std::size_t most = 512;
  void add_line(const char* line, std::size_t size) noexcept;

  module_range ranges_[most] = {};
  std::size_t count_ = 0;
  char paths_[32 << 10] = {};
  std::size_t paths_size_ = 0;
  // Of the file whose lines are being read: it is listed with its lowest address first.
  std::uintptr_t first_ = 0;
  const char* last_path_ = nullptr;
};

}  // namespace curfew::inline v1::detail::os
