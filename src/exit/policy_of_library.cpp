// SPDX-License-Identifier: Apache-2.0
// Nothing else may stand in this file: see exit_policy.
#include "exit/policy.hpp"

#include "exit/dump.hpp"
#include "exit/hooks.hpp"
#include "exit/thread_left.hpp"

namespace curfew::inline v1::detail {

constinit exit_policy policy{.main_has_left = &exit_after_the_last_thread,
                             .run_hooks = &run_hooks,
                             .prepare_dump = &prepare_dumps,
                             .write_dump = &write_dump_until};

}  // namespace curfew::inline v1::detail
