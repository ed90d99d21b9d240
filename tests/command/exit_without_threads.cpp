// SPDX-License-Identifier: Apache-2.0
// A program that never had a second thread: an exit that hangs or crashes ends with its own status and its output.
//! under: run
//! status: 3
//! out: buffered
//! seconds: 0..5
//! case: waits for nobody
//! args: wait
//! case: waits in the kernel
//! under: run --deadline 300ms
//! args: read
//! case: crashes
//! args: crash
//! case: said
//! under: run --report --deadline 300ms
//! args: read
//! err~ curfew\[\d+\]: the exit is ended here, with status 3: .*last.* is not done after 0.3 s; what stdio held .*
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include <unistd.h>

static std::string_view how;

struct last {
  int ends[2] = {};
  std::mutex mutex;
  std::condition_variable never;
  last() {
    if (::pipe(ends) != 0) std::abort();
  }
  ~last() {
    char c = 0;
    if (how == "read" && ::read(ends[0], &c, 1) != 0) std::abort();
    if (how == "crash") std::abort();
    std::unique_lock lock(mutex);
    never.wait(lock);
  }
};
static last only;

int main(int argc, char** argv) {
  if (argc > 1) how = argv[1];
  std::printf("buffered\n");
  return 3;
}
