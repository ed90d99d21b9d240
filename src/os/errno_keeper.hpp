// SPDX-License-Identifier: Apache-2.0
// errno as it was: for signal handlers, and for what they call.
#pragma once

#include <curfew/forward.hpp>

#include <cerrno>

namespace curfew::inline v1::detail::os {

class errno_keeper {
 public:
  errno_keeper() noexcept : saved_(errno) {}
  ~errno_keeper() { errno = saved_; }
  errno_keeper(const errno_keeper&) = delete;
  errno_keeper& operator=(const errno_keeper&) = delete;

 private:
  int saved_;
};

}  // namespace curfew::inline v1::detail::os
