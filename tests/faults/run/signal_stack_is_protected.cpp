// SPDX-License-Identifier: Apache-2.0
// Sound: detached threads have alternate signal stacks, and go on without them: one has closed its pages, one given
// them back, one has had its own all along. No signal of the program's asks for them. Right: all are frozen, status 9.
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

enum class fate { kept, closed, given_back };

static void work(fate what) {
  constexpr std::size_t size = 64 * 1024;
  stack_t stack{};
  stack.ss_size = size;
  stack.ss_sp = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, nullptr) != 0) _exit(2);
  if (what == fate::closed) mprotect(stack.ss_sp, size, PROT_NONE);
  if (what == fate::given_back) munmap(stack.ss_sp, size);
  for (volatile unsigned long count = 0;;) count = count + 1;
}

int main() {
  for (const fate what : {fate::kept, fate::closed, fate::given_back}) std::thread(work, what).detach();
  usleep(20000);
  return 9;
}
