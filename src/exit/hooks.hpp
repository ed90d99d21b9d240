// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/exit.hpp>

#include <atomic>

namespace curfew::inline v1::detail {

enum class hook_turn : unsigned char { before_wait, after_wait };

/// `code`: an address in the code of who registers it. Throws what before_wait() does.
hook_id add_hook(hook_turn, std::string_view name, std::function<void()>&&, const void* code);
/// Runs the hooks of that turn on the calling thread, last registered first, and closes the turn to later ones.
void run_hooks(hook_turn);
/// The same for those that a shared library has registered; later ones can still be registered. Were there any?
bool run_hooks_of(hook_turn, const void* library);
/// Were there ever any?
bool hooks_are_registered() noexcept;
/// The name of the hook that runs; null when none does. For the watch: valid while it runs.
const char* running_hook() noexcept;
/// The same, for `curfew dump`, which reads it from outside.
extern constinit std::atomic<const char*> running_hook_name;
/// Set while the calling thread runs hooks for the exit that is no thread of the program's.
extern constinit thread_local bool runs_hooks_for_the_exit [[gnu::tls_model("initial-exec")]];
/// Hooks in phases (hook_phases.hpp) are kept elsewhere, and a program without them does not have that.
struct phase_calls {
  bool (*remove)(hook_id);
  void (*forget)();                             ///< called where hooks can be registered again
  bool (*run_of_library)(const void* library);  ///< those of a shared library, which are gone then; were there any?
};
void set_phase_calls(const phase_calls&) noexcept;
/// Was it in a phase?
bool remove_from_phase(hook_id) noexcept;
/// In a forked child hooks can be registered again.
void reopen_hooks() noexcept;

}  // namespace curfew::inline v1::detail
