// SPDX-License-Identifier: Apache-2.0
// libcurfew-check.so: the beginning of the process, and of its end.
#include "check/entry/begin.hpp"
#include "check/exit/child_of_exit.hpp"
#include "check/exit/destructors.hpp"
#include "check/exit/exit_watch.hpp"
#include "check/exit/held_resources.hpp"
#include "check/facts/main_frame.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/loaded_symbols.hpp"
#include "check/linux/real.hpp"
#include "check/memory/main_locals.hpp"
#include "check/memory/waits.hpp"
#include "exported.hpp"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace curfew::check {
namespace {

using main_function = int(int, char**, char**);
using start_function = int(main_function*, int, char**, void (*)(), void (*)(), void (*)(), void*);
using on_exit_function = int(void (*)(int, void*), void*);

constinit real_function<start_function> next_start("__libc_start_main");
constinit real_function<on_exit_function> next_on_exit("on_exit");
constinit real_function<void(int)> next_exit("exit");
constinit real_function<int(void*)> next_dlclose("dlclose");
constinit main_function* program_main = nullptr;

[[noreturn]] void leave_main(int status, std::uint64_t) {
  if (!begin_exit(status, exit_by::return_from_main) && is_second_exit(status, exit_by::return_from_main)) stay_here();
  next_exit.get()(status);
  __builtin_unreachable();
}

using going_on = void(int, std::uint64_t);

/// The rest of the process on the stack from there downwards; nothing is above it for who walks the stack.
[[noreturn, gnu::always_inline]] inline void go_on_at(std::uint64_t stack, going_on* how, int status,
                                                      std::uint64_t argument) {
#if defined(__x86_64__)
  asm volatile(
      "mov %0, %%rsp\n\t"
      "xor %%ebp, %%ebp\n\t"
      "push $0\n\t"
      "jmp *%1"
      :
      : "r"(stack), "r"(how), "D"(status), "S"(argument)
      : "memory");
  __builtin_unreachable();
#elif defined(__aarch64__)
  register int first asm("w0") = status;
  register std::uint64_t second asm("x1") = argument;
  asm volatile(
      "mov sp, %0\n\t"
      "mov x29, xzr\n\t"
      "mov x30, xzr\n\t"
      "br %1"
      :
      : "r"(stack), "r"(how), "r"(first), "r"(second)
      : "memory");
  __builtin_unreachable();
#else
  static_cast<void>(stack);
  how(status, argument);
  __builtin_unreachable();
#endif
}

/// `left_at`: where the stack was when main had returned.
[[noreturn]] void leave_main_by_room(int status, std::uint64_t left_at) {
  if (const std::uint64_t stack = stack_below_main(left_at); stack != 0) go_on_at(stack, &leave_main, status, 0);
  leave_main(status, 0);
}

/// The upper end of the room above main's frame.
constinit std::uint64_t room_end = 0;

/// As the C library's own caller of main, it needs nothing of its stack frame once main has returned: a runtime may
/// come back from deeper in the stack (Free Pascal's own end of a program).
int main_of_program(int argc, char** argv, char** environment) {
  note_caller_of_main(reinterpret_cast<const void*>(&main_of_program));
  // So that nothing else lies on the pages of main's frame, which are closed when it has returned.
  auto* const space = static_cast<volatile char*>(__builtin_alloca(room_above_main));
  asm volatile("" : : "r"(space) : "memory");
  room_end = (reinterpret_cast<std::uint64_t>(space) + room_above_main) & ~std::uint64_t{15};
  const int status = program_main(argc, argv, environment);
  // Threads that do what they must not still use what main has left where this would go on.
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_alloca(16));
  if (here <= room_end && room_end - here <= room_above_main + largest_frame_of_main)
    go_on_at(room_end, &leave_main_by_room, status, here);
  leave_main(status, 0);
}

char** find_variable(std::string_view name) noexcept {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (const std::string_view whole(*entry);
        whole.starts_with(name) && whole.size() > name.size() && whole[name.size()] == '=')
      return entry;
  return nullptr;
}

/// Those in front move up and the list begins later: what the kernel has put behind its end stays where it is.
void take_out(char** entry) noexcept {
  if (entry == nullptr) return;
  for (char** at = entry; at != environ; --at) *at = at[-1];
  ++environ;
}

/// What this process starts is not under check, unless that is wanted.
void keep_from_children() noexcept {
  if (settings.children) return;
  take_out(find_variable(record_variable));
  take_out(find_variable(options_variable));
  char** const entry = find_variable("LD_PRELOAD");
  if (entry == nullptr) return;
  char* const value = *entry + std::strlen("LD_PRELOAD=");
  const char* const others = std::strpbrk(value, ": ");  // this library is the first
  if (others == nullptr) return take_out(entry);
  std::memmove(value, others + 1, std::strlen(others + 1) + 1);
}

constinit bool begun = false;

/// Other libraries are initialised before this one, and what they register is wanted: the first call of theirs begins.
[[gnu::constructor(101)]] void begin() {
  // A sanitizer's library is initialised even before the C library, which then has no environment yet.
  if (begun || environ == nullptr) return;
  begun = true;
  find_c_library();
  find_all(next_start, next_on_exit, next_exit, next_dlclose);
  open_record();
  if (record == nullptr) return;
  keep_from_children();
  adopt_main_thread();
  watch_for_end();
  ::pthread_atfork(&note_fork_begins, nullptr, [] {
    adopt_after_fork();
    note_fork_in_child();
    forget_watch_after_fork();
  });
}

}  // namespace

void begin_early() noexcept {
  if (!begun) begin();
}

}  // namespace curfew::check

using namespace curfew::check;

extern "C" {

CURFEW_EXPORTED int __libc_start_main(main_function* main, int argc, char** argv, void (*init)(), void (*fini)(),
                                      void (*loader_fini)(), void* stack_end) {
  program_main = main;
  libraries_may_be_closed();
  return next_start.get()(record == nullptr ? main : &main_of_program, argc, argv, init, fini, loader_fini, stack_end);
}

CURFEW_EXPORTED int __cxa_atexit(void (*function)(void*), void* argument, void* module) noexcept {
  begin_early();
  return register_destructor(function, argument, module);
}

/// thread_local objects, of C++ and of other languages.
CURFEW_EXPORTED int __cxa_thread_atexit_impl(void (*function)(void*), void* argument, void* module) noexcept {
  return register_thread_destructor(function, argument, module);
}

/// LeakSanitizer asks this before it reads all memory, in the middle of the exit: closed pages end it, and what the
/// exit has freed it takes for leaks.
// NOLINTNEXTLINE(readability-identifier-naming): the sanitizer's own name
CURFEW_EXPORTED int __lsan_is_turned_off() { return record != nullptr ? 1 : 0; }

CURFEW_EXPORTED int on_exit(void (*function)(int, void*), void* argument) noexcept {
  return next_on_exit.get()(function, argument);
}

CURFEW_EXPORTED void exit(int status) noexcept {
  if (record != nullptr && !begin_exit(status, exit_by::call) && is_second_exit(status, exit_by::call)) stay_here();
  next_exit.get()(status);
  __builtin_unreachable();
}

CURFEW_EXPORTED int dlclose(void* handle) noexcept {
  forget_symbols();
  if (record == nullptr || is_alone()) return next_dlclose.get()(handle);
  closing_library library;
  look_into_library(handle, library);
  watch_faults();
  begin_closing(static_cast<const link_map*>(handle)->l_name);
  const int error = next_dlclose.get()(handle);
  forget_symbols();
  end_closing();
  look_after_library(library);
  return error;
}

}  // extern "C"
