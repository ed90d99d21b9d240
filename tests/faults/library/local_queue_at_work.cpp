// SPDX-License-Identifier: Apache-2.0
// Python's queue example with a queue that is a local variable of main: it goes while its daemons have just done the
// last item, and wake up, look, and wait again. Right: they are frozen there, each of them, and main ends.
#include "guard.hpp"

#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <string>

int main() {
  curfew::blocking_queue<std::string> jobs(16);
  std::atomic<int> done{0};
  for (int i = 0; i < 3; ++i)
    curfew::thread({.name = "consumer", .daemon = true}, [&] {
      while (auto job = jobs.pop()) {
        done += !job->empty();
        jobs.task_done();
      }
    });
  curfew::thread_scope producers;
  for (int p = 0; p < 4; ++p)
    producers.start([&, p] {
      for (int i = 0; i < 250; ++i) jobs.push("job " + std::to_string(p));
    });
  producers.join();
  jobs.join();
}
