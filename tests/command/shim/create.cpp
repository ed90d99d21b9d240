// SPDX-License-Identifier: Apache-2.0
#include "create.hpp"

#include <dlfcn.h>

std::atomic<void (*)()> before_start{nullptr};
std::atomic<void (*)(pthread_t)> before_return{nullptr};

namespace {

using thread_function = void* (*)(void*);

struct start {
  thread_function function;
  void* argument;
};

void* run(void* argument) {
  auto* const given = static_cast<start*>(argument);
  const start what = *given;
  delete given;
  if (auto* const hook = before_start.load()) hook();
  return what.function(what.argument);
}

}  // namespace

extern "C" int pthread_create(pthread_t* made, const pthread_attr_t* attributes, thread_function function,
                              void* argument) noexcept {
  static auto* const next = reinterpret_cast<int (*)(pthread_t*, const pthread_attr_t*, thread_function, void*)>(
      ::dlsym(RTLD_NEXT, "pthread_create"));
  const int error = next(made, attributes, &run, new start{function, argument});
  auto* const hook = before_return.load();
  if (error == 0 && hook != nullptr) hook(*made);
  return error;
}
