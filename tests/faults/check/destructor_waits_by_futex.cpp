// SPDX-License-Identifier: Apache-2.0
// A destructor waits by the kernel's call itself, on a word beside a static that is destroyed already, for what never
// comes.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>
#include <thread>

static int word = 0;
struct waiting {
  ~waiting() { syscall(SYS_futex, &word, FUTEX_WAIT, 0, nullptr, nullptr, 0); }
};
static waiting last;
static std::string first(100, 'x');

int main() {
  std::thread([] { pause(); }).detach();
  return first.empty() ? 1 : 0;
}
