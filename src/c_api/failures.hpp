// SPDX-License-Identifier: Apache-2.0
// Errors as C has them.
#pragma once

#include "os/errno_keeper.hpp"

#include <cerrno>
#include <exception>
#include <new>
#include <system_error>

namespace curfew::inline v1::detail {

/// An errno value for what `action` throws; 0 for nothing. There is no `catch (...)`: the unwinding that ends a thread
/// must pass.
/// errno itself stays as it was.
template <class Action>
int errno_of(Action action) {
  const os::errno_keeper keep;
  try {
    action();
    return 0;
  } catch (const std::system_error& e) {
    return e.code().category() == std::generic_category() || e.code().category() == std::system_category()
               ? e.code().value()
               : EINVAL;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (const std::exception&) {
    return EINVAL;
  }
}

}  // namespace curfew::inline v1::detail
