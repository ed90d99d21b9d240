// SPDX-License-Identifier: Apache-2.0
// Without curfew: a thread sleeps on a futex, and the kernel is asked which call it is in. Under qemu-user the answer
// is the emulator's call, with the number that it has on the processor below.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

int main() {
  static std::atomic<std::uint32_t> never{0};
  static std::atomic<long> id{0};
  std::thread([] {
    id = ::syscall(SYS_gettid);
    for (;;) ::syscall(SYS_futex, &never, FUTEX_WAIT_PRIVATE, 0, nullptr);
  }).detach();
  while (id == 0) ::usleep(1000);
  ::usleep(200000);
  std::FILE* const file = std::fopen(("/proc/self/task/" + std::to_string(id) + "/syscall").c_str(), "r");
  long number = -1;
  if (file == nullptr || std::fscanf(file, "%ld", &number) != 1) std::puts("not told");
  std::printf("asleep in call %ld, a futex is %ld\n", number, static_cast<long>(SYS_futex));
  std::fflush(stdout);
  ::_exit(number == SYS_futex ? 0 : 1);
}
