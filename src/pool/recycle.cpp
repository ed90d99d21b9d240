// SPDX-License-Identifier: Apache-2.0
#include <curfew/pool/recycle.hpp>

#include <climits>

namespace curfew::inline v1::detail {

thread_pool& recycling_pool() {
  static auto* const pool = new thread_pool({.name = "recycled", .workers = INT_MAX, .keep = 0, .created_at = {}});
  return *pool;
}

}  // namespace curfew::inline v1::detail
