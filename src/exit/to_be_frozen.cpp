// SPDX-License-Identifier: Apache-2.0
#include "exit/to_be_frozen.hpp"

#include "exit/state.hpp"
#include "os/c_library.hpp"
#include "os/defer.hpp"
#include "os/freeze.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

namespace curfew::inline v1::detail {

bool is_to_be_frozen() noexcept {
  if (const os::freeze_cell* const cell = os::own_cell();
      cell != nullptr && cell->order.load() != static_cast<std::uint32_t>(os::freeze_order::run))
    return true;
  const record* const self = own_record_if_known();
  if (self == nullptr) return false;
  const bool is_the_runner = exit_now.runner.load() == ::gettid();
  if (self->daemon()) return !is_the_runner;
  return self->kind == thread_kind::main && exit_now.in_exit_call.load() && !is_the_runner;
}

bool is_frozen_unasked() noexcept {
  const record* const self = own_record_if_known();
  return is_to_be_frozen() && self != nullptr && !self->is_asked_at_the_end() && self->shields.load() == 0;
}

bool holds_a_lock_of_the_exit() noexcept {
  return os::deferral.depth.load(std::memory_order_relaxed) != 0 || os::holds_loader_lock();
}

bool freeze_if_too_late() noexcept {
  if (exit_now.now.load() != phase::frozen || !is_to_be_frozen()) return false;
  if (holds_a_lock_of_the_exit()) return true;
  os::freeze_for_ever();
}

}  // namespace curfew::inline v1::detail
