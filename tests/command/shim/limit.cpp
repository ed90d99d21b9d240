// SPDX-License-Identifier: Apache-2.0
#include "limit.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>

std::atomic<bool> no_more_threads{false};

extern "C" int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*function)(void*),
                              void* argument) noexcept {
  static auto* const next = reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
  return no_more_threads.load() ? EAGAIN : next(made, attributes, function, argument);
}
