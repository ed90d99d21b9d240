// SPDX-License-Identifier: Apache-2.0
// What pools, timers and the service's notifier have to do when a host goes on: in another life (restart()), or without
// a library that it unloads (library.hpp).
#pragma once

#include "os/module.hpp"

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// All but `restart` may be null: there is nothing of a library's. `library` is the loader's handle of it.
struct host_part {
  /// While only main and the caller run, in phase running.
  void (*restart)();
  /// Ends what belongs to the library, without waiting: timers are not called again, pools take no more tasks.
  void (*end_library)(const void* library);
  /// Is code of the library still to be called, or being called?
  bool (*works_for)(const void* library);
  /// Is it the calling thread that calls it?
  bool (*runs_here_for)(const void* library);
};

enum class host_part_of : unsigned char { pools, timers, notifier };
void set_host_part(host_part_of, const host_part&) noexcept;
void restart_host_parts();
void end_library_in_host_parts(const void* library);
bool host_parts_work_for(const void* library);
bool host_parts_run_here_for(const void* library);

/// The loader's handle of the shared library that has this address, in code or in constants. Null: the program's own.
/// The value says which library it is, and keeps nothing loaded.
inline const void* library_of(const void* address) noexcept {
  void* const pin = os::pin_module(address);
  os::unpin_module(pin);
  return pin;
}

}  // namespace curfew::inline v1::detail
