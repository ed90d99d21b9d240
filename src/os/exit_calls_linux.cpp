// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/exit_calls.hpp"
#include "os/kernel_call.hpp"
#include "os/look_up_linux.hpp"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace curfew::inline v1::detail::os {
namespace {

using exit_function = void (*)(int);
std::atomic<exit_function> real_exit{nullptr};
std::atomic<void (*)(int)> told{nullptr};
using plain_function = void (*)();
// What glibc calls at the end of a thread and in exit. It is there for other parts of the C library only; nobody else's
// function can be found by that version's name.
constinit symbol_by_name end_of_thread_locals("__call_tls_dtors", "GLIBC_PRIVATE", false);

}  // namespace

void find_c_library_exit() noexcept {
  if (real_exit.load() == nullptr) real_exit.store(reinterpret_cast<exit_function>(::dlsym(RTLD_NEXT, "exit")));
}

void c_library_exit(int status) {
  find_c_library_exit();
  if (const exit_function call = real_exit.load()) call(status);
  end_now(status);  // a C library without an exit
}

bool knows_c_library_exit() noexcept {
  find_c_library_exit();
  return real_exit.load() != nullptr;
}

void look_up_end_of_thread_locals() noexcept { end_of_thread_locals.get(); }

bool end_own_thread_locals() {
  const auto call = reinterpret_cast<plain_function>(end_of_thread_locals.get());
  if (call == nullptr) return false;
  call();
  return true;
}

bool is_c_library_data(std::uint64_t address) noexcept {
  if (!knows_c_library_exit()) return false;
  Dl_info there{}, c_library{};
  return ::dladdr(reinterpret_cast<const void*>(address), &there) != 0 &&
         ::dladdr(reinterpret_cast<const void*>(real_exit.load()), &c_library) != 0 &&
         there.dli_fbase == c_library.dli_fbase;
}

void end_now(int status) noexcept {
  for (;;) kernel_call(SYS_exit_group, status);
}

void tell_exit_status([[maybe_unused]] void (*tell)(int status)) noexcept {
#if defined(__GLIBC__)
  told.store(tell);
  ::on_exit([](int status, void*) { told.load()(status); }, nullptr);
#endif
}

}  // namespace curfew::inline v1::detail::os

#endif
