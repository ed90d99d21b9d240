// SPDX-License-Identifier: Apache-2.0
// Text without allocation, for signal handlers and for the time when the allocator may be locked. What does not fit is
// dropped.
#pragma once

#include <curfew/forward.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace curfew::inline v1::detail::os {

/// Writes to a descriptor, all of it if the descriptor takes it. Returns what errno said if it did not, or 0; EAGAIN
/// where nobody reads. Async-signal-safe, keeps errno.
int write_all(int fd, std::string_view) noexcept;

/// What a number or an address looks like.
std::string_view decimal(std::uint64_t value, char (&buffer)[24]) noexcept;
std::string_view hexadecimal(std::uintptr_t value, char (&buffer)[24]) noexcept;

template <std::size_t Capacity>
class small_text {
 public:
  small_text& operator<<(std::string_view text) noexcept {
    for (const char c : text) push(c);
    return *this;
  }
  small_text& operator<<(const char* text) noexcept { return *this << std::string_view(text); }
  small_text& operator<<(std::integral auto value) noexcept {
    char buffer[24];
    if constexpr (std::signed_integral<decltype(value)>)
      if (value < 0) return push('-'), *this << decimal(0 - static_cast<std::uint64_t>(value), buffer);
    return *this << decimal(static_cast<std::uint64_t>(value), buffer);
  }
  small_text& operator<<(const void* address) noexcept {
    char buffer[24];
    return *this << "0x" << hexadecimal(reinterpret_cast<std::uintptr_t>(address), buffer);
  }
  /// Seconds with one decimal below a minute of them, else whole: "2.0 s", "75 s"; below 100 ms "12 ms".
  small_text& operator<<(std::chrono::nanoseconds d) noexcept {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    if (ms < 100) return *this << ms << " ms";
    *this << ms / 1000;
    if (ms < 60'000) *this << "." << ms % 1000 / 100;
    return *this << " s";
  }
  /// Adds text of the program. Control characters could act on a terminal, so they are shown as "?".
  small_text& cleaned(std::string_view text) noexcept {
    for (const char c : text) push(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
    return *this;
  }
  small_text& quoted(std::string_view text) noexcept {
    push('"');
    cleaned(text).push('"');
    return *this;
  }

  [[nodiscard]] std::string_view view() const noexcept { return {data_, size_}; }
  [[nodiscard]] const char* c_str() const noexcept { return data_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept { data_[size_ = 0] = '\0'; }

 private:
  void push(char c) noexcept {
    if (size_ + 1 >= Capacity) return;
    data_[size_++] = c;
    data_[size_] = '\0';
  }

  std::size_t size_ = 0;
  char data_[Capacity] = {};
};

}  // namespace curfew::inline v1::detail::os
