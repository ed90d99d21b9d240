// SPDX-License-Identifier: Apache-2.0
// exit in a handler that has interrupted the allocator, under its lock: the first call of the allocator in the exit
// never comes back, and the process ends all the same, with its own status and its output.
//! under: run
//! seconds: 0..8
//! status: 3
//! out: buffered
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <sys/mman.h>
#include <unistd.h>

static void* page;
static const std::size_t page_size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

/// What makes it hang plain.
struct allocating {
  ~allocating() {
    void* volatile block = std::calloc(1, 3000);
    std::free(block);
  }
};
static allocating object;

static void handler(int) {
  ::mprotect(page, page_size, PROT_READ | PROT_WRITE);
  std::exit(3);
}

int main() {
  std::thread([] { ::pause(); }).detach();  // with one thread the allocator takes no lock
  std::printf("buffered\n");
  // Two neighbours: who frees the first looks at the second's header, under the lock, and finds it unreadable.
  void* volatile first = std::malloc(60'000);
  void* volatile second = std::malloc(60'000);
  page = reinterpret_cast<void*>((reinterpret_cast<std::uintptr_t>(second) - 16) & ~(page_size - 1));
  std::signal(SIGSEGV, &handler);
  ::mprotect(page, page_size, PROT_NONE);
  std::free(first);
  return 1;
}
