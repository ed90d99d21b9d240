// SPDX-License-Identifier: Apache-2.0
// What the library reads in /proc/self/task, whatever the kernel writes there.
#include "harness.hpp"
#include "os/tasks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

// What the file includes is above: a function open() of others' is not meant.
#define open(path, ...) fuzz_open(path)
#include "os/tasks_linux.cpp"
#undef open

CURFEW_FUZZ_TARGET(proc_task) {
  namespace os = curfew::detail::os;
  const fuzz::files_are content(input);
  os::task_status status{};
  if (os::read_task(1, status)) {
    static_cast<void>(os::waits_for_ever_on_futex(status));
    static_cast<void>(os::waits_on_futex(status));
  }
  os::task_call call{};
  os::read_task_call(1, call);
  os::read_work(1);
  static_cast<void>(os::blocks_signal(1, 33));
  static_cast<void>(os::signals_pending_for(1));
  static_cast<void>(os::is_kernel_worker(1));
  static_cast<void>(os::kind_of_memory(0x7f0000001000));
}
