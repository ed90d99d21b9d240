// SPDX-License-Identifier: Apache-2.0
// Calls that spend long inside of the C library, under locks of its own. A thread that makes one after the other is
// never met outside; on its way out it freezes by itself. (Not dlopen: it looks at who calls it. Not
// dl_iterate_phdr: sanitizers call it before they can be called.)
#include "lock_tracking/next.hpp"

#include <dlfcn.h>
#include <netdb.h>

namespace {

using curfew::detail::next_function;
using curfew::detail::os::freeze_if_pending;

constinit next_function<int(void*)> next_dlclose("dlclose");
constinit next_function<int(const char*, const char*, const addrinfo*, addrinfo**)> next_getaddrinfo("getaddrinfo");
constinit next_function<int(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int)> next_getnameinfo(
    "getnameinfo");

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_dlclose.get();
  next_getaddrinfo.get();
  next_getnameinfo.get();
}

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_long_calls;
const char curfew_lock_tracking_long_calls = 0;
}

extern "C" {

CURFEW_TRACKED int dlclose(void* module) noexcept {
  const int error = next_dlclose.get()(module);
  freeze_if_pending();
  return error;
}

CURFEW_TRACKED int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  const int error = next_getaddrinfo.get()(node, service, hints, result);
  freeze_if_pending();
  return error;
}

CURFEW_TRACKED int getnameinfo(const sockaddr* address, socklen_t size, char* host, socklen_t host_size, char* service,
                               socklen_t service_size, int flags) {
  const int error = next_getnameinfo.get()(address, size, host, host_size, service, service_size, flags);
  freeze_if_pending();
  return error;
}

}  // extern "C"
