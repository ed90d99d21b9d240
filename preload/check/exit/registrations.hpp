// SPDX-License-Identifier: Apache-2.0
// What is to be called at the exit, and how large the objects are that it destroys.
#pragma once

#include "check/facts/object_sizes.hpp"

#include <cstdint>

namespace curfew::check {

struct registration {
  void (*function)(void*);  ///< null: it has run
  void* argument;
  std::uint64_t size;
  bool guessed;        ///< the size is how far it may reach at most
  memory_range array;  ///< of a function that destroys an array: where that lies
};

/// A place for one; null: there is none left.
registration* new_registration(void (*function)(void*), void* argument) noexcept;

/// Finds out how large the registered objects are, from the modules' symbol tables; those of stripped modules are taken
/// to end where the next begins. When the exit begins.
void measure_objects() noexcept;
/// Likewise for one that is registered during the exit: its size, 0 if it has none.
std::uint64_t measure_late(registration&) noexcept;

}  // namespace curfew::check
