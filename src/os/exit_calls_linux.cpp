// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/exit_calls.hpp"
#include "os/kernel_call.hpp"

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

}  // namespace

void find_c_library_exit() noexcept {
  if (real_exit.load() == nullptr) real_exit.store(reinterpret_cast<exit_function>(::dlsym(RTLD_NEXT, "exit")));
}

void c_library_exit(int status) noexcept {
  find_c_library_exit();
  if (const exit_function call = real_exit.load()) call(status);
  end_now(status);  // a C library without an exit
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
