// SPDX-License-Identifier: Apache-2.0
#include "service/manager_address.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace curfew::inline v1::detail {
namespace {

[[noreturn]] void refuse(std::errc code, std::string_view variable, std::string_view value, const char* why) {
  std::string text("curfew: ");
  text.append(variable).append("=").append(value).append(": ").append(why);
  throw std::system_error(std::make_error_code(code), text);
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

manager_address parse_notify_socket(const char* value) {
  constexpr std::string_view variable = "NOTIFY_SOCKET";
  manager_address address;
  const std::string_view text(value != nullptr ? value : "");
  if (text.empty()) return address;
  if (text.starts_with("vsock"))
    refuse(std::errc::address_family_not_supported, variable, text,
           "curfew speaks to a manager on the same machine only; allowed are an absolute path and @NAME");
  if ((text[0] != '/' && text[0] != '@') || text.size() == 1)
    refuse(std::errc::invalid_argument, variable, text, "allowed are an absolute path and @NAME");
  if (text.size() >= sizeof address.name.sun_path)
    refuse(std::errc::filename_too_long, variable, text, "the address of a socket has at most 107 bytes");
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, text.data(), text.size());
  if (text[0] == '@') address.name.sun_path[0] = '\0';  // a name of the kernel's own, which ends where the size says
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + (text[0] == '@' ? 0 : 1));
  return address;
}

std::chrono::microseconds parse_watchdog(const char* usec, const char* pid) {
  using std::chrono::microseconds;
  if (usec == nullptr || *usec == '\0') return microseconds(0);
  if (pid != nullptr && *pid != '\0') {
    const auto whose = number(pid);
    if (!whose || *whose == 0)
      refuse(std::errc::invalid_argument, "WATCHDOG_PID", pid, "allowed is the number of a process");
    if (*whose != static_cast<std::uint64_t>(::getpid())) return microseconds(0);
  }
  const auto interval = number(usec);
  if (!interval || *interval == 0)
    refuse(std::errc::invalid_argument, "WATCHDOG_USEC", usec, "allowed is a number of microseconds above zero");
  // Sums of times stay in range.
  constexpr std::uint64_t longest = microseconds(std::chrono::hours(24 * 366)).count();
  return microseconds(std::min(*interval, longest));
}

}  // namespace curfew::inline v1::detail
