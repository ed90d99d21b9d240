// SPDX-License-Identifier: Apache-2.0
// A runner without JxlThreadParallelRunnerDestroy.
//! library: libjxl, thread runner
//! packages: libjxl-dev
//! flags: $(pkg-config --cflags --libs libjxl_threads)
#include <jxl/thread_parallel_runner.h>
#include <unistd.h>

int main(void) {
  void* const runner = JxlThreadParallelRunnerCreate(NULL, 2);
  usleep(50000);
#ifdef ENDED
  JxlThreadParallelRunnerDestroy(runner);
#endif
  return runner == NULL;
}
