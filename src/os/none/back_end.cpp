// SPDX-License-Identifier: Apache-2.0
#include "os/back_end_functions.hpp"

namespace curfew::inline v1::detail::os {

static_assert(back_end<functions>);

// One without its first concern is none, and neither is one whose function may throw where nothing may.
struct without_sleeping : functions {
 private:
  using functions::futex_wait;
};
struct that_throws : functions {
  static bool try_join(pthread_t) { return false; }
};
static_assert(!back_end<without_sleeping> && !sleeps_on_words<without_sleeping> && makes_threads<without_sleeping>);
static_assert(!back_end<that_throws> && !makes_threads<that_throws> && sleeps_on_words<that_throws>);

}  // namespace curfew::inline v1::detail::os
