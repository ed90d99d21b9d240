// SPDX-License-Identifier: Apache-2.0
// A plugin of a C program that brings an operator new and delete of its own, which the C library's free knows nothing
// of. Right under check: its delete is called for what its new has made.
#include <cstddef>
#include <cstdlib>
#include <new>

alignas(16) static char arena[4096];
static std::size_t used = 0;
static int live = 0;

void* operator new(std::size_t size) {
  ++live;
  void* const at = arena + used;
  used += (size + 15) / 16 * 16;
  return at;
}
void operator delete(void* block) noexcept {
  if (static_cast<char*>(block) < arena || static_cast<char*>(block) >= arena + sizeof arena) std::abort();
  --live;
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

extern "C" void go() {
  int* volatile number = new int(1);
  delete number;
  if (live != 0) std::abort();
}
