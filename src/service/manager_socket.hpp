// SPDX-License-Identifier: Apache-2.0
// One datagram to the manager, without ever waiting for it.
#pragma once

#include "service/manager_address.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

class manager_socket {
 public:
  constexpr manager_socket() noexcept = default;

  /// Errors: std::system_error, of `socket`. The one of before is closed.
  void open(const manager_address&);
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  void close() noexcept;
  /// Returns 0, or the error: EAGAIN if nobody reads.
  [[nodiscard]] int send(std::string_view message) const noexcept;

 private:
  int fd_ = -1;
  manager_address to_{};
};

}  // namespace curfew::inline v1::detail
