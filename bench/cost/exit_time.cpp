// SPDX-License-Identifier: Apache-2.0
// exit_time COUNT return|_exit|stopped DESCRIPTOR: a program that ends with COUNT sleeping threads it will not wait
// for. Just before the end it writes the time to DESCRIPTOR: CLOCK_MONOTONIC, nanoseconds, 8 bytes. run.py does the
// rest.
//
// With WITH_CURFEW they are daemons, without it detached threads. A thread that was joined went before, so that all
// that is set up with the first thread is.
//
// `stopped` is the limit for anybody who wants all threads to stand still before the process ends, with nothing of
// curfew's in it: a signal to each thread, whose handler sleeps, and one job for a helper thread, which may get stuck
// in the place of the exiting one.
#ifdef WITH_CURFEW
#include <curfew/thread.hpp>
#endif

#include <dirent.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace {

std::atomic<int> asleep{0};

void sleep_for_an_hour() {
  asleep.fetch_add(1);
  std::this_thread::sleep_for(std::chrono::hours(1));
}

#ifdef WITH_CURFEW
void start_and_join() {
  curfew::thread([] {}).join();
}
void start_sleeper() { curfew::thread({.daemon = true}, sleep_for_an_hour); }
#else
void start_and_join() {
  std::thread([] {}).join();
}
void start_sleeper() { std::thread(sleep_for_an_hour).detach(); }
#endif

std::int64_t now() {
  timespec t;
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

std::atomic<int> stopped{0};
std::atomic<int> never{0};
std::atomic<int> job{0};

void wait_while(const std::atomic<int>& word, int value) {
  while (word.load() == value) ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void wake(const std::atomic<int>& word) { ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

void stand_still(int) {
  stopped.fetch_add(1);
  wake(stopped);
  wait_while(never, 0);
}

/// Any C library function that takes a lock would do as the job.
void help() {
  wait_while(job, 0);
  std::free(std::malloc(100));
  job.store(2);
  wake(job);
  wait_while(never, 0);
}

void stop_all_threads(int count) {
  struct sigaction by_signal {};
  by_signal.sa_handler = stand_still;
  ::sigaction(SIGUSR1, &by_signal, nullptr);
  const pid_t self = ::getpid();
  DIR* const tasks = ::opendir("/proc/self/task");
  if (tasks == nullptr) std::abort();
  while (const dirent* const entry = ::readdir(tasks)) {
    const pid_t id = std::atoi(entry->d_name);
    if (id > 0 && id != self) ::syscall(SYS_tgkill, self, id, SIGUSR1);
  }
  ::closedir(tasks);
  std::thread(help).detach();
  for (int seen = stopped.load(); seen < count; seen = stopped.load()) wait_while(stopped, seen);
  job.store(1);
  wake(job);
  wait_while(job, 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const int count = std::atoi(argv[1]);
  const bool leave_at_once = std::strcmp(argv[2], "return") != 0;
  const int descriptor = std::atoi(argv[3]);
  start_and_join();
  for (int i = 0; i < count; ++i) start_sleeper();
  while (asleep.load() < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  // From "about to sleep" to asleep.
  std::this_thread::sleep_for(std::chrono::milliseconds(count < 1000 ? 2 : 10));
  const std::int64_t t = now();
  if (::write(descriptor, &t, sizeof t) != sizeof t) return 74;
  if (std::strcmp(argv[2], "stopped") == 0) stop_all_threads(count);
  if (leave_at_once) ::_exit(0);
  return 0;
}
