// SPDX-License-Identifier: Apache-2.0
// Without curfew: a program without threads asks the kernel which it has. Under qemu-user one of the emulator's own is
// listed beside it, which never ends.
#include <cstdio>
#include <filesystem>
#include <iterator>

int main() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  const auto count = std::distance(begin(tasks), end(tasks));
  std::printf("%ld threads\n", static_cast<long>(count));
  return count == 1 ? 0 : 1;
}
