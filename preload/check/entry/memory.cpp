// SPDX-License-Identifier: Apache-2.0
// What is freed during the exit is kept, and what main's thread frees before it is given back late. Programs whose
// allocator stands in the program itself are not seen here.
#include "check/facts/exiting.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/real.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/recent_frees.hpp"
#include "exported.hpp"

#include <dlfcn.h>
#include <malloc.h>

#include <cstddef>
#include <cstdio>
#include <cstring>

using namespace curfew::check;

namespace {

[[gnu::always_inline]] inline bool kept(void* block) noexcept {
  if (block == nullptr) return false;
  return exiting() ? keep_freed(block) : frees_are_late() && free_late(block);
}

constinit real_function<void(void*)> next_free("free"), next_delete("_ZdlPv"), next_delete_array("_ZdaPv");
constinit real_function<void(void*, std::size_t)> next_sized("_ZdlPvm"), next_sized_array("_ZdaPvm"),
    next_aligned("_ZdlPvSt11align_val_t"), next_aligned_array("_ZdaPvSt11align_val_t");
constinit real_function<void(void*, std::size_t, std::size_t)> next_sized_aligned("_ZdlPvmSt11align_val_t"),
    next_sized_aligned_array("_ZdaPvmSt11align_val_t");

constinit real_function<struct mallinfo()> next_mallinfo("mallinfo");
constinit real_function<struct mallinfo2()> next_mallinfo2("mallinfo2");
constinit real_function<int(int, std::FILE*)> next_malloc_info("malloc_info");
constinit real_function<void()> next_malloc_stats("malloc_stats");
constinit real_function<int(std::size_t)> next_malloc_trim("malloc_trim");

/// What main's thread has freed is free, whoever asks.
template <class Info>
Info without_late_frees(Info (*ask)()) noexcept {
  const auto late = static_cast<decltype(Info::uordblks)>(give_late_frees_back());
  Info info = ask();
  info.uordblks -= late;
  info.fordblks += late;
  return info;
}

/// Before the program has more libraries than those of its start.
[[gnu::constructor(102)]] void look_up() {
  next_free.get();
  next_delete.get();
  next_delete_array.get();
  next_sized.get();
  next_sized_array.get();
  next_aligned.get();
  next_aligned_array.get();
  next_sized_aligned.get();
  next_sized_aligned_array.get();
  // The C++ libraries' own operator delete calls free.
  Dl_info owner{};
  auto* const known = reinterpret_cast<void*>(next_delete.get());
  const bool usual = known == nullptr || (::dladdr(known, &owner) != 0 && owner.dli_fname != nullptr &&
                                          (std::strstr(owner.dli_fname, "/libstdc++.so") != nullptr ||
                                           std::strstr(owner.dli_fname, "/libc++") != nullptr));
  prepare_late_frees([](void* block) noexcept { next_free.get()(block); }, usual && block_header() != 0);
}

/// A C program has no C++ library until it loads one, out of the sight of everybody but who needs it.
template <class Function, class... Sizes>
[[gnu::always_inline]] inline void pass_on(real_function<Function>& next, void* block, Sizes... sizes) noexcept {
  if (kept(block)) return;
  if (auto* const known = next.get_for(__builtin_return_address(0))) return known(block, sizes...);
  next_free.get()(block);
}

}  // namespace

extern "C" {

CURFEW_EXPORTED void free(void* block) noexcept {
  if (!kept(block)) next_free.get()(block);
}

CURFEW_EXPORTED struct mallinfo mallinfo() noexcept { return without_late_frees(next_mallinfo.get()); }
CURFEW_EXPORTED struct mallinfo2 mallinfo2() noexcept { return without_late_frees(next_mallinfo2.get()); }
CURFEW_EXPORTED int malloc_info(int options, std::FILE* to) noexcept {
  give_late_frees_back();
  return next_malloc_info.get()(options, to);
}
CURFEW_EXPORTED void malloc_stats() noexcept {
  give_late_frees_back();
  next_malloc_stats.get()();
}
CURFEW_EXPORTED int malloc_trim(std::size_t pad) noexcept {
  give_late_frees_back();
  return next_malloc_trim.get()(pad);
}

// NOLINTBEGIN(readability-identifier-naming): the compiler's own names
// operator delete, plain and for arrays, with a size, with an alignment, with both: allocators bring their own.
CURFEW_EXPORTED void _ZdlPv(void* block) noexcept { pass_on(next_delete, block); }
CURFEW_EXPORTED void _ZdaPv(void* block) noexcept { pass_on(next_delete_array, block); }
CURFEW_EXPORTED void _ZdlPvm(void* block, std::size_t size) noexcept { pass_on(next_sized, block, size); }
CURFEW_EXPORTED void _ZdaPvm(void* block, std::size_t size) noexcept { pass_on(next_sized_array, block, size); }
CURFEW_EXPORTED void _ZdlPvSt11align_val_t(void* block, std::size_t alignment) noexcept {
  pass_on(next_aligned, block, alignment);
}
CURFEW_EXPORTED void _ZdaPvSt11align_val_t(void* block, std::size_t alignment) noexcept {
  pass_on(next_aligned_array, block, alignment);
}
CURFEW_EXPORTED void _ZdlPvmSt11align_val_t(void* block, std::size_t size, std::size_t alignment) noexcept {
  pass_on(next_sized_aligned, block, size, alignment);
}
CURFEW_EXPORTED void _ZdaPvmSt11align_val_t(void* block, std::size_t size, std::size_t alignment) noexcept {
  pass_on(next_sized_aligned_array, block, size, alignment);
}
// NOLINTEND(readability-identifier-naming)

}  // extern "C"
