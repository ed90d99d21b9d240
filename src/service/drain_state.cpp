// SPDX-License-Identifier: Apache-2.0
// In a file of its own: a notifier looks at it in programs that drain no listener.
#include "service/drain_state.hpp"

namespace curfew::inline v1::detail {

constinit drain_state drain_now;

}  // namespace curfew::inline v1::detail
