// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/freeze.hpp"

#include <dlfcn.h>
#include <link.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>
#include <time.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace curfew::inline v1::detail::os {
namespace {

struct code_range {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
};

constexpr int max_ranges = 16;
code_range ranges[max_ranges];
std::atomic<int> range_count{0};

// A thread that spins with sched_yield holds nothing, and is inside that function nearly always.
std::uintptr_t yield_code = 0;
constexpr std::uintptr_t yield_size = 16;

void add_range(std::uintptr_t begin, std::uintptr_t end) noexcept {
  for (int i = 0; i < range_count.load(); ++i)
    if (ranges[i].begin.load() == begin && ranges[i].end.load() == end) return;
  const int at = range_count.load();
  if (at == max_ranges) return;
  ranges[at].begin.store(begin);
  ranges[at].end.store(end);
  range_count.store(at + 1);
}

/// The modules whose code must not be frozen are found by a function in each.
struct wanted {
  static constexpr int count = 6;
  std::uintptr_t inside[count];
};

int add_module(dl_phdr_info* info, std::size_t, void* argument) {
  const auto& want = *static_cast<const wanted*>(argument);
  // The program itself never counts, even where it brings an allocator of its own.
  if (info->dlpi_name == nullptr || info->dlpi_name[0] == '\0') return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    const std::uintptr_t end = begin + header.p_memsz;
    for (const std::uintptr_t address : want.inside)
      if (address >= begin && address < end) add_range(begin, end);
  }
  return 0;
}

std::uintptr_t address_of(const char* function) noexcept {
  return reinterpret_cast<std::uintptr_t>(::dlsym(RTLD_DEFAULT, function));
}

/// The loader maps itself; its entry point lies in its code.
std::uintptr_t loader_code() noexcept {
  const auto base = ::getauxval(AT_BASE);
  return base == 0 ? 0 : base + reinterpret_cast<const ElfW(Ehdr)*>(base)->e_entry;
}

}  // namespace

void add_busy_code(const void* begin, const void* end) noexcept {
  add_range(reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end));
}

void find_c_library_code() noexcept {
  static std::atomic<bool> done{false};
  if (done.exchange(true)) return;
  // Several of them, because sanitizers put themselves before some; usually they all lie in two modules.
  wanted want{{address_of("gnu_get_libc_version"), address_of("fopen"), address_of("malloc"),
               address_of("pthread_sigmask"), address_of("dlopen"), loader_code()}};
  yield_code = address_of("sched_yield");
  ::dl_iterate_phdr(&add_module, &want);
}

bool is_busy_code(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  if (at - yield_code < yield_size) return false;
  const int count = range_count.load();
  for (int i = 0; i < count; ++i)
    if (at >= ranges[i].begin.load() && at < ranges[i].end.load()) return true;
  return false;
}

void touch_c_library_locks() noexcept {
#if defined(__GLIBC__)
  (void)::mallinfo2();  // takes the lock of every arena
#endif
  // Other allocators, and this thread's arena: a small, a medium and a mapped block.
  for (const std::size_t size : {std::size_t{24}, std::size_t{3000}, std::size_t{300'000}}) {
    void* volatile block = std::malloc(size);
    std::free(block);
  }
  if (FILE* const f = std::fopen("/dev/null", "r")) std::fclose(f);
  if (void* const program = ::dlopen(nullptr, RTLD_LAZY)) ::dlclose(program);
  ::dl_iterate_phdr([](dl_phdr_info*, std::size_t, void*) { return 1; }, nullptr);
  std::atexit([] {});
  const std::time_t zero = 0;
  std::tm broken_down{};
  ::localtime_r(&zero, &broken_down);
  ::unsetenv("CURFEW_NO_SUCH_VARIABLE");
  if (const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C", nullptr)) ::freelocale(locale);
}

}  // namespace curfew::inline v1::detail::os

#endif
