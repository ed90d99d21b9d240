// SPDX-License-Identifier: Apache-2.0
// Whether the service wants requests: what a readiness probe is answered.
#pragma once

#include <curfew/forward.hpp>

#include <atomic>

namespace curfew {
inline namespace v1 {

/// A flag that turns false for good when the program is to end: once `request_exit` has been called or the exit has
/// begun, `ready()` is false whatever was set. A handler of `/readyz` answers 200 or 503 by it:
///
///     curfew::readiness readiness;   // not ready yet
///     …
///     readiness.set(true);
///
/// Thread-safe and async-signal-safe.
class CURFEW_API readiness {
 public:
  constexpr readiness() noexcept = default;
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;

  void set(bool ready) noexcept { set_.store(ready); }
  [[nodiscard]] bool ready() const noexcept;
  [[nodiscard]] explicit operator bool() const noexcept { return ready(); }

 private:
  std::atomic<bool> set_{false};
};

}  // namespace v1
}  // namespace curfew
