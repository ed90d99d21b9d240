// SPDX-License-Identifier: Apache-2.0
#include "lock_tracking/default_mutex.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#if CURFEW_KNOWS_DEFAULT_MUTEX
#include <dlfcn.h>
#include <gnu/libc-version.h>
#if defined(DLFO_STRUCT_HAS_EH_DBASE)
// Weak: what was built where it is runs on an older C library too.
extern "C" [[gnu::weak]] int _dl_find_object(void*, dl_find_object*) noexcept;
#endif
#endif

namespace curfew::inline v1::detail {

#if CURFEW_KNOWS_DEFAULT_MUTEX

constinit std::atomic<int> kind_in_place{INT_MIN};

namespace {

bool same(const pthread_mutex_t& one, const pthread_mutex_t& other) noexcept {
  return std::memcmp(&one, &other, sizeof one) == 0;
}

#if defined(DLFO_STRUCT_HAS_EH_DBASE)

/// The text that the C library says its version with lies in it.
bool is_of_c_library(mutex_call* function) noexcept {
  dl_find_object of_it, of_library;
  return &::_dl_find_object != nullptr && ::_dl_find_object(reinterpret_cast<void*>(function), &of_it) == 0 &&
         ::_dl_find_object(const_cast<char*>(::gnu_get_libc_version()), &of_library) == 0 &&
         of_it.dlfo_link_map == of_library.dlfo_link_map;
}

#else

bool is_of_c_library(mutex_call*) noexcept { return false; }  // before glibc 2.35 it would take too long to find out

#endif

/// Valgrind's tools see a lock by putting themselves in the place of the C library's code, not of its symbols.
bool is_in_valgrind() noexcept {
  const char* const preloaded = ::secure_getenv("LD_PRELOAD");
  return preloaded != nullptr && std::string_view(preloaded).find("/vgpreload_") != std::string_view::npos;
}

}  // namespace

bool default_mutex_is_known(mutex_call* lock, mutex_call* trylock, mutex_call* unlock) noexcept {
  if (!is_of_c_library(lock) || !is_of_c_library(trylock) || !is_of_c_library(unlock) || is_in_valgrind()) return false;
  const pthread_mutex_t free = PTHREAD_MUTEX_INITIALIZER;
  // All the bytes, also those between the fields.
  pthread_mutex_t theirs, ours;
  std::memcpy(&theirs, &free, sizeof free);
  std::memcpy(&ours, &free, sizeof free);
  if (lock(&theirs) != 0 || !take_in_place(&ours)) return false;
  note_owner(&ours, ask_own_id());
  if (!same(theirs, ours) || take_in_place(&theirs)) return false;
  if (!give_back_in_place(&theirs) || unlock(&ours) != 0 || !same(theirs, ours) || !same(theirs, free)) return false;
  if (trylock(&theirs) != 0 || trylock(&theirs) != EBUSY || !give_back_in_place(&theirs) || !same(theirs, free))
    return false;
  kind_in_place.store(free.__data.__kind, std::memory_order_relaxed);
  return true;
}

#else

bool default_mutex_is_known(mutex_call*, mutex_call*, mutex_call*) noexcept { return false; }

#endif

}  // namespace curfew::inline v1::detail
