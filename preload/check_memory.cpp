// SPDX-License-Identifier: Apache-2.0
// What is freed during the exit is kept. Programs whose allocator stands in the program itself are not seen here.
#include "check/calls.hpp"
#include "check/freed.hpp"
#include "check/real.hpp"
#include "exported.hpp"

#include <cstddef>

using namespace curfew::check;

extern "C" void __libc_free(void*) noexcept;

namespace {

[[gnu::always_inline]] inline bool kept(void* block) noexcept {
  return exiting() && block != nullptr && keep_freed(block);
}

constinit real_function<void(void*)> next_free("free"), next_delete("_ZdlPv"), next_delete_array("_ZdaPv");
constinit real_function<void(void*, std::size_t)> next_sized("_ZdlPvm"), next_sized_array("_ZdaPvm"),
    next_aligned("_ZdlPvSt11align_val_t"), next_aligned_array("_ZdaPvSt11align_val_t");
constinit real_function<void(void*, std::size_t, std::size_t)> next_sized_aligned("_ZdlPvmSt11align_val_t"),
    next_sized_aligned_array("_ZdaPvmSt11align_val_t");

/// Looking it up may free the text of an error of before.
constinit bool looking_up = false;

[[gnu::noinline, gnu::cold]] void free_early(void* block) noexcept {
  if (looking_up) return __libc_free(block);
  looking_up = true;
  auto* const next = next_free.get();
  looking_up = false;
  next(block);
}

[[gnu::constructor(101)]] void look_up() { free_early(nullptr); }

}  // namespace

extern "C" {

CURFEW_EXPORTED void free(void* block) noexcept {
  if (!next_free.is_known()) return free_early(block);
  if (!kept(block)) next_free.get()(block);
}

// operator delete, plain and for arrays, with a size, with an alignment, with both: allocators bring their own.
CURFEW_EXPORTED void _ZdlPv(void* block) noexcept {
  if (!kept(block)) next_delete.get()(block);
}
CURFEW_EXPORTED void _ZdaPv(void* block) noexcept {
  if (!kept(block)) next_delete_array.get()(block);
}
CURFEW_EXPORTED void _ZdlPvm(void* block, std::size_t size) noexcept {
  if (!kept(block)) next_sized.get()(block, size);
}
CURFEW_EXPORTED void _ZdaPvm(void* block, std::size_t size) noexcept {
  if (!kept(block)) next_sized_array.get()(block, size);
}
CURFEW_EXPORTED void _ZdlPvSt11align_val_t(void* block, std::size_t alignment) noexcept {
  if (!kept(block)) next_aligned.get()(block, alignment);
}
CURFEW_EXPORTED void _ZdaPvSt11align_val_t(void* block, std::size_t alignment) noexcept {
  if (!kept(block)) next_aligned_array.get()(block, alignment);
}
CURFEW_EXPORTED void _ZdlPvmSt11align_val_t(void* block, std::size_t size, std::size_t alignment) noexcept {
  if (!kept(block)) next_sized_aligned.get()(block, size, alignment);
}
CURFEW_EXPORTED void _ZdaPvmSt11align_val_t(void* block, std::size_t size, std::size_t alignment) noexcept {
  if (!kept(block)) next_sized_aligned_array.get()(block, size, alignment);
}

}  // extern "C"
