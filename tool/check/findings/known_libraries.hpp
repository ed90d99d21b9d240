// SPDX-License-Identifier: Apache-2.0
// Libraries that start threads of their own, and what becomes of those at the end of a process. Each row was seen in a
// run of `bench/known_libraries/`, which has the program, the version and what was found.
#pragma once

#include "check/findings/finding.hpp"

#include <sys/syscall.h>

#include <cstdint>

namespace curfew::tool {

struct known_library {
  /// How the name of the file begins that started the thread; behind |, those of others that it runs in.
  const char* module;
  const char* thread;  ///< how the thread's name begins; empty: any
  const char* owner;   ///< whose thread it is, as its users call it
  /// The library keeps the thread until the process ends, and nothing is lost: no finding.
  bool by_design;
  /// What ends it before main returns; of one that is kept by design, why nothing has to be done.
  const char* advice;
  /// Besides a futex, the call that one that is kept by design waits in for work: where its stack is not known.
  std::uint64_t idle_in = SYS_futex;
};

/// The library that started the thread, where it is known and the thread is not inside other code: a thread of a
/// library's pool that runs a function of the program is the program's. `call`: the system call that it sleeps in.
/// Null: none.
const known_library* library_of(const involved_thread&, std::uint64_t call);

}  // namespace curfew::tool
