// SPDX-License-Identifier: Apache-2.0
// fork() in a program with a static worker object; the child exit()s => ~Worker joins a thread that is not there
// (libzypp#757, srt#3177).
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
struct Worker {
  std::mutex mu;
  std::condition_variable cv;
  bool stop = false;
  std::thread t;
  Worker()
      : t([this] {
          std::unique_lock l(mu);
          cv.wait(l, [&] { return stop; });
        }) {}
  ~Worker() {
    {
      std::lock_guard l(mu);
      stop = true;
    }
    cv.notify_all();
    t.join();
  }
};
static Worker w;
int main() {
  usleep(5000);
  pid_t p = fork();
  if (!p) exit(0);
  int st = 0;
  waitpid(p, &st, 0);
  return WIFSIGNALED(st) ? 3 : WEXITSTATUS(st);
}
