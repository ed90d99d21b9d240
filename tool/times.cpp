// SPDX-License-Identifier: Apache-2.0
#include "times.hpp"

namespace curfew::tool {

namespace {

// What exit/options.cpp takes, so that nothing that is let through here is refused there.
constexpr unsigned long most_days = 366;
constexpr unsigned long most = most_days * 24 * 3600 * 1000;

}  // namespace

std::string check_time(const std::string& text) {
  const auto digits = text.find_first_not_of("0123456789");
  const std::string unit = digits == std::string::npos ? "" : text.substr(digits);
  const bool good =
      digits != 0 && !text.empty() && text.size() < 10 && (unit == "ms" || unit == "s" || unit == "m" || text == "0");
  if (text.empty()) return "the value is empty; write a time, for example 500ms, 10s or 2m";
  if (!good) return "'" + text + "' is not a time; write a whole number with ms, s or m, for example 500ms, 10s or 2m";
  return milliseconds(text) <= most
             ? std::string()
             : "'" + text + "' is too long; at most " + std::to_string(most_days) + " days are allowed";
}

unsigned long milliseconds(const std::string& text) {
  const unsigned long number = std::stoul(text);
  return text.ends_with("ms") ? number : text.ends_with('s') ? number * 1000 : number * 60'000;
}

}  // namespace curfew::tool
