// SPDX-License-Identifier: Apache-2.0
// CONTROL: an atexit handler stops and joins a worker which then writes its last records.
#include <unistd.h>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
static FILE* out;
static std::mutex mu;
static std::condition_variable cv;
static bool stop = false;
static std::thread* t;
int main(int c, char** v) {
  out = fopen(c > 1 ? v[1] : "/dev/null", "w");
  t = new std::thread([] {
    std::unique_lock l(mu);
    cv.wait(l, [] { return stop; });
    for (int i = 0; i < 100; i++) fprintf(out, "rec %d\n", i);
  });
  std::atexit([] {
    {
      std::lock_guard l(mu);
      stop = true;
    }
    cv.notify_all();
    t->join();
    fclose(out);
  });
  usleep(3000);
  return 0;
}
