// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/loaded_module_linux.hpp"
#include "os/look_up_linux.hpp"

#include <dlfcn.h>
#include <iconv.h>
#include <link.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace curfew::inline v1::detail::os {
namespace {

struct range {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
};

constexpr int max_ranges = 16;

/// Written once, by the thread that prepares a freeze; read in handlers.
struct range_list {
  range entries[max_ranges];
  std::atomic<int> count{0};

  void add(std::uintptr_t begin, std::uintptr_t end) noexcept {
    const int at = count.load();
    for (int i = 0; i < at; ++i)
      if (entries[i].begin.load() == begin && entries[i].end.load() == end) return;
    if (at == max_ranges) return;
    entries[at].begin.store(begin);
    entries[at].end.store(end);
    count.store(at + 1);
  }

  [[nodiscard]] bool contains(std::uintptr_t address) const noexcept {
    const int n = count.load();
    for (int i = 0; i < n; ++i)
      if (address >= entries[i].begin.load() && address < entries[i].end.load()) return true;
    return false;
  }
};
range_list busy_code;
range_list code_in_front;
range_list loader_data;

std::atomic<pthread_mutex_t*> loader_lock{nullptr};

// A thread that spins with sched_yield holds nothing, and is inside that function nearly always.
std::uintptr_t yield_code = 0;
constexpr std::uintptr_t yield_size = 16;

std::uintptr_t clock_code = 0;
constexpr std::uintptr_t clock_size = 160;
range kernel_clock_code;

/// The modules whose code must not be frozen are found by a function in each.
struct wanted {
  std::uintptr_t inside[6];
  std::uintptr_t loader;
};

void add_loader_data(std::uintptr_t begin, std::uintptr_t end) noexcept { loader_data.add(begin, end); }

/// Where the C library has no `_dl_find_object`. It takes the loader's lock.
int add_module(dl_phdr_info* info, std::size_t, void* argument) {
  const auto& want = *static_cast<const wanted*>(argument);
  // The program itself never counts, even where it brings an allocator of its own.
  if (info->dlpi_name == nullptr || info->dlpi_name[0] == '\0') return 0;
  const auto each_part = [&](std::uint32_t flag, auto&& use) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const auto& header = info->dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & flag) == 0) continue;
      const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
      use(begin, begin + header.p_memsz);
    }
  };
  bool is_loader = false;
  each_part(PF_X, [&](std::uintptr_t begin, std::uintptr_t end) {
    if (!std::ranges::any_of(want.inside, [&](std::uintptr_t a) { return a >= begin && a < end; })) return;
    busy_code.add(begin, end);
    is_loader = is_loader || (want.loader >= begin && want.loader < end);
  });
  if (is_loader) each_part(PF_W, &add_loader_data);
  return 0;
}

/// Without a lock where it can be: whoever holds the loader's, in a callback of dl_iterate_phdr say, may keep it.
void add_modules(wanted& want) noexcept {
  bool all = true;
  for (const std::uintptr_t address : want.inside) {
    if (address == 0) continue;
    const auto* const image = library_image_of(reinterpret_cast<const void*>(address));
    all = all && image != nullptr;
    if (image == nullptr) continue;
    each_loaded_part(*image, PF_X, [](std::uintptr_t begin, std::uintptr_t end) { busy_code.add(begin, end); });
    if (address == want.loader) each_loaded_part(*image, PF_W, &add_loader_data);
  }
  if (!all) ::dl_iterate_phdr(&add_module, &want);
}

/// The kernel's own code for clocks, which it maps into each process.
void find_kernel_clock() noexcept {
  const auto* const image = reinterpret_cast<const ElfW(Ehdr)*>(::getauxval(AT_SYSINFO_EHDR));
  if (image == nullptr) return;
  each_loaded_part(*image, PF_X, [](std::uintptr_t begin, std::uintptr_t end) {
    kernel_clock_code.begin.store(begin);
    kernel_clock_code.end.store(end);
  });
}

/// Where a function of another module lies. The address that this module's own table of addresses holds costs nothing;
/// it is the program's, and says nothing, where the program itself has a piece of code for each function that it calls
/// (one that is not position-independent). Looking a function up by its name costs 5 to 10 us, at the exit of each
/// program.
template <class Function>
std::uintptr_t address_of(Function* direct) noexcept {
  return reinterpret_cast<std::uintptr_t>(direct);
}

std::uintptr_t look_up(const char* function) noexcept {
  void* const found = find_in_c_library(function);
  return reinterpret_cast<std::uintptr_t>(found != nullptr ? found : ::dlsym(RTLD_DEFAULT, function));
}

/// The loader maps itself; its entry point lies in its code.
std::uintptr_t loader_code() noexcept {
  const auto base = ::getauxval(AT_BASE);
  return base == 0 ? 0 : base + reinterpret_cast<const ElfW(Ehdr)*>(base)->e_entry;
}

}  // namespace

void add_busy_code(const void* begin, const void* end) noexcept {
  busy_code.add(reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end));
}

void add_code_in_front(const void* begin, const void* end) noexcept {
  code_in_front.add(reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end));
}

namespace {

void look_for_c_library_code() noexcept {
  // Several of them, because sanitizers put themselves before some; usually they all lie in two modules.
  const auto loader = loader_code();
#if defined(__GLIBC__)
  const auto its_own = address_of(&::gnu_get_libc_version);
#else
  const auto its_own = address_of(&::fopen);
#endif
  wanted want{{its_own, address_of(&::fopen), address_of(static_cast<void* (*)(std::size_t)>(&::malloc)),
               address_of(&::pthread_sigmask), address_of(&::dlopen), loader},
              loader};
  // `curfew run` has functions of these names of its own.
  clock_code = look_up("clock_gettime");
  yield_code = look_up("sched_yield");
  find_kernel_clock();
  add_modules(want);
  const auto is_found = [](std::uintptr_t address) { return address == 0 || busy_code.contains(address); };
  if (std::ranges::all_of(want.inside, is_found)) return;
  constexpr const char* names[] = {"gnu_get_libc_version", "fopen", "malloc", "pthread_sigmask", "dlopen"};
  for (std::size_t i = 0; i < std::size(names); ++i) want.inside[i] = look_up(names[i]);
  add_modules(want);
}

}  // namespace

void find_c_library_code() noexcept {
  enum progress : int { not_begun, going_on, done };
  static constinit std::atomic<int> now{not_begun};
  int expected = not_begun;
  if (now.compare_exchange_strong(expected, going_on)) {
    look_for_c_library_code();
    now.store(done);
  }
  // Another thread is at it, and may be waiting for the loader's lock: not for ever.
  for (int looks = 0; looks < 100 && now.load() != done; ++looks) pause_for(std::chrono::microseconds(500));
}

bool is_yield_code(const void* address) noexcept {
  return reinterpret_cast<std::uintptr_t>(address) - yield_code < yield_size;
}

bool is_busy_code(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  return (!is_yield_code(address) && busy_code.contains(at)) || is_code_in_front(address);
}

bool is_code_in_front(const void* address) noexcept {
  return code_in_front.contains(reinterpret_cast<std::uintptr_t>(address));
}

bool is_kernel_clock_code(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  return at >= kernel_clock_code.begin.load() && at < kernel_clock_code.end.load();
}

bool is_clock_code(const void* address) noexcept {
  return reinterpret_cast<std::uintptr_t>(address) - clock_code < clock_size;
}

#if defined(__GLIBC__)

// A recursive mutex in the loader's data; its address has no name.
void note_lock(std::uint64_t address) noexcept {
  if (!loader_data.contains(address)) return;  // not a mutex, or not in memory that stays
  auto* const mutex = reinterpret_cast<pthread_mutex_t*>(address);
  if (mutex->__data.__kind == PTHREAD_MUTEX_RECURSIVE_NP && mutex->__data.__owner > 0) loader_lock.store(mutex);
}

bool holds_loader_lock() noexcept {
  const pthread_mutex_t* const mutex = loader_lock.load();
  return mutex != nullptr && __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) == ::gettid();
}

pid_t id_of_made_thread() noexcept {
  // Of the one kind whose owner is always written.
  pthread_mutex_t own = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
  if (::pthread_mutex_lock(&own) != 0) return ::gettid();
  const pid_t id = own.__data.__owner;
  ::pthread_mutex_unlock(&own);
  ::pthread_mutex_destroy(&own);
  return id > 0 ? id : ::gettid();
}

#else

pid_t id_of_made_thread() noexcept { return ::gettid(); }
void note_lock(std::uint64_t) noexcept {}
bool holds_loader_lock() noexcept { return false; }

#endif

bool loader_lock_is_known() noexcept { return loader_lock.load() != nullptr; }

bool try_lock_loader() noexcept {
  pthread_mutex_t* const mutex = loader_lock.load();
  return mutex != nullptr && ::pthread_mutex_trylock(mutex) == 0;
}

void unlock_loader() noexcept { ::pthread_mutex_unlock(loader_lock.load()); }

namespace {

/// The locks of the allocator. The C library's own tells of all its arenas, and asks for none of its locks for a block
/// so large that it is mapped; a small one takes those of this thread's arena, and of the list of them.
void touch_allocator() noexcept {
#if defined(__GLIBC__)
  (void)::mallinfo2();
  const bool is_the_c_library_s =
      module_of(reinterpret_cast<const void*>(static_cast<void* (*)(std::size_t)>(&::malloc))) ==
      module_of(reinterpret_cast<const void*>(&::gnu_get_libc_version));
#else
  constexpr bool is_the_c_library_s = false;
#endif
  constexpr std::size_t sizes[] = {24, 3000, 300'000};
  for (const std::size_t size : std::span(sizes).first(is_the_c_library_s ? 2 : 3)) {
    void* volatile block = std::malloc(size);
    std::free(block);
  }
}

/// A stream of its own is enough for the lock on the list of all streams, and needs no file.
void touch_list_of_streams() noexcept {
  if (FILE* const f = ::fopencookie(nullptr, "r", {})) std::fclose(f);
}

}  // namespace

void touch_c_library_locks() noexcept {
  touch_allocator();
  touch_list_of_streams();
  if (void* const program = ::dlopen(nullptr, RTLD_LAZY)) ::dlclose(program);
  ::dl_iterate_phdr([](dl_phdr_info*, std::size_t, void*) { return 1; }, nullptr);
  std::atexit([] {});
  const std::time_t zero = 0;
  std::tm broken_down{};
  ::localtime_r(&zero, &broken_down);
  ::unsetenv("CURFEW_NO_SUCH_VARIABLE");
  if (const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C", nullptr)) ::freelocale(locale);
  // Both are the C library's own: no file is loaded for them.
  if (const iconv_t to = ::iconv_open("UTF-8", "UCS-4LE"); to != reinterpret_cast<iconv_t>(-1)) ::iconv_close(to);
  (void)::setlogmask(0);
}

}  // namespace curfew::inline v1::detail::os

#endif
