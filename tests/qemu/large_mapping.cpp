// SPDX-License-Identifier: Apache-2.0
// Without curfew: a program reserves addresses that it never accesses. qemu-user notes something of each page, and so
// takes memory for all of them; of 64 TiB, more than the machine has.
#include <sys/mman.h>

#include <cstdio>

static long resident_pages() {
  long all = 0, resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &all, &resident) != 2) return -1;
  std::fclose(file);
  return resident;
}

int main() {
  constexpr long most = 4096;
  const long before = resident_pages();
  if (::mmap(nullptr, 1UL << 36, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED) return 2;
  const long grown = resident_pages() - before;
  std::printf("%ld pages more\n", grown);
  return grown < most ? 0 : 1;
}
