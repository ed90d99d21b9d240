// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/back_end_functions.hpp"

namespace curfew::inline v1::detail::os {

static_assert(back_end<functions>);

}  // namespace curfew::inline v1::detail::os

#endif
