// SPDX-License-Identifier: Apache-2.0
// An allocator that puts small blocks side by side, with nothing between them, as jemalloc, tcmalloc and mimalloc do.
#include <dlfcn.h>
#include <malloc.h>

#include <cstddef>
#include <cstdint>

extern "C" {
void* __libc_malloc(std::size_t);  // NOLINT(bugprone-reserved-identifier): the C library's names
void __libc_free(void*);           // NOLINT(bugprone-reserved-identifier)
}

namespace {

constexpr std::size_t block = 32, blocks = 1 << 18;
alignas(4096) char arena[block * blocks];
std::size_t used = 0;  // one thread allocates

bool is_small(const void* at) { return at >= arena && at < arena + sizeof arena; }

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  if (size != block || used == blocks) return __libc_malloc(size);
  return arena + block * used++;
}

void free(void* at) {
  if (!is_small(at)) __libc_free(at);
}

std::size_t malloc_usable_size(void* at) {
  if (is_small(at)) return block;
  static auto* const next = reinterpret_cast<std::size_t (*)(void*)>(::dlsym(RTLD_NEXT, "malloc_usable_size"));
  return next(at);
}
}
