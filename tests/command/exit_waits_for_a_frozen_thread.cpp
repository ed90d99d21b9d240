// SPDX-License-Identifier: Apache-2.0
// An exit handler waits for what only a detached thread gives: the thread is thawed, and the exit goes on.
//! under: run
//! status: 7
//! out: last line
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable changed;
static bool ready = false, stop = false, done = false;

static void work() {
  std::unique_lock lock(mutex);
  ready = true;
  changed.notify_all();
  changed.wait(lock, [] { return stop; });
  std::puts("last line");
  done = true;
  changed.notify_all();
}

static void end_work() {
  std::unique_lock lock(mutex);
  stop = true;
  changed.notify_all();
  changed.wait(lock, [] { return done; });
}

int main() {
  std::atexit(end_work);
  std::thread(work).detach();
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return ready; });
  return 7;
}
