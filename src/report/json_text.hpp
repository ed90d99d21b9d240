// SPDX-License-Identifier: Apache-2.0
// Texts of the program as JSON, without allocation.
#pragma once

#include "os/small_text.hpp"

#include <cstddef>
#include <string_view>

namespace curfew::inline v1::detail {

/// The bytes that the first character of a text takes in UTF-8: 1 to 4, or 0 where it is none (RFC 3629). The text must
/// not be empty.
std::size_t utf8_length(std::string_view text) noexcept;

/// Adds `text` in quotes (RFC 8259). What is no UTF-8 becomes U+FFFD.
template <std::size_t Capacity>
void append_json(os::small_text<Capacity>& to, std::string_view text) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  to << "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0)
      to << R"(\ufffd)";
    else if (first < 0x20)
      to << R"(\u00)" << digits.substr(first >> 4, 1) << digits.substr(first & 15, 1);
    else
      to << (first == '"' || first == '\\' ? "\\" : "") << text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  to << "\"";
}

}  // namespace curfew::inline v1::detail
