// SPDX-License-Identifier: Apache-2.0
#include "check/linux/c_library.hpp"

#include "check/linux/real.hpp"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <malloc.h>

namespace curfew::check {
namespace {

constinit real_function<int(void (*)(void*), void*, void*)> next_cxa_atexit("__cxa_atexit");
constinit real_function<int(void (*)(void*), void*, void*)> next_thread_atexit("__cxa_thread_atexit_impl");
constinit real_function<int(int, const struct sigaction*, struct sigaction*)> next_sigaction("sigaction");
constinit real_function<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> next_pthread_create(
    "pthread_create");
constinit real_function<std::size_t(void*)> next_usable_size("malloc_usable_size");
constinit std::size_t header = 0;

}  // namespace

void find_c_library() noexcept {
  next_cxa_atexit.get();
  next_thread_atexit.get();
  next_sigaction.get();
  next_pthread_create.get();
  Dl_info allocator{}, c_library{};
  if (::dladdr(reinterpret_cast<void*>(next_usable_size.get()), &allocator) != 0 &&
      ::dladdr(reinterpret_cast<void*>(&::gnu_get_libc_version), &c_library) != 0 &&
      allocator.dli_fbase == c_library.dli_fbase)
    header = sizeof(std::size_t);
}

int real_sigaction(int signal, const struct sigaction* to, struct sigaction* before) noexcept {
  return next_sigaction.get()(signal, to, before);
}
int real_pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*routine)(void*),
                        void* argument) noexcept {
  return next_pthread_create.get()(handle, attributes, routine, argument);
}
int real_cxa_atexit(void (*function)(void*), void* argument, void* module) noexcept {
  return next_cxa_atexit.get()(function, argument, module);
}
int real_thread_atexit(void (*function)(void*), void* argument, void* module) noexcept {
  return next_thread_atexit.get()(function, argument, module);
}
std::size_t usable_size(void* block) noexcept {
  auto* const size = next_usable_size.get();
  return size == nullptr ? 0 : size(block);
}
std::size_t block_header() noexcept { return header; }

}  // namespace curfew::check
