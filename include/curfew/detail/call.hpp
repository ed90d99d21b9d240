// SPDX-License-Identifier: Apache-2.0
// Calling what std::invoke calls, without the weight of <functional>.
#pragma once

#include <curfew/forward.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace detail {

template <class F, class... Args>
constexpr std::invoke_result_t<F, Args...> invoke(F&& f, Args&&... args) {
  // std::apply can do what std::invoke does, but arguments that begin with std::allocator_arg make no tuple. An object
  // that a pointer to a member is used with is never that.
  if constexpr (std::is_member_pointer_v<std::remove_cvref_t<F>>)
    return std::apply(std::forward<F>(f), std::forward_as_tuple(std::forward<Args>(args)...));
  else
    return std::forward<F>(f)(std::forward<Args>(args)...);
}

}  // namespace detail
}  // namespace v1
}  // namespace curfew
