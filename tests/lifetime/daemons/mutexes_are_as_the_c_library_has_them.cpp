// SPDX-License-Identifier: Apache-2.0
// Lock tracking takes and gives back a mutex of the default kind itself. Everything that the C library promises of it
// holds all the same: exclusion, waits on conditions, its errors, its owner; and other kinds are as they were.
//! seconds: 0..60
//! out: as they are
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

static void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::_Exit(1);
}

static void excludes_and_wakes() {
  constexpr int threads = 4, rounds = 100'000;
  static std::mutex mutex;
  static long counter = 0;
  std::vector<curfew::jthread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([t] {
      for (int i = 0; i < rounds; ++i) {
        if (t == 0 && !mutex.try_lock()) mutex.lock();
        if (t != 0) mutex.lock();
        counter = counter + 1;
        mutex.unlock();
      }
    });
  all.clear();
  require(counter == long{threads} * rounds, "one at a time has it");
}

/// A waiter sleeps in the C library, with the mutex given back by it and taken again.
static void serves_a_condition() {
  constexpr int rounds = 20'000;
  static std::mutex mutex;
  static std::condition_variable changed;
  static int turn = 0;
  const auto play = [](int mine) {
    for (int i = 0; i < rounds; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [mine] { return turn % 2 == mine; });
      ++turn;
      changed.notify_one();
    }
  };
  curfew::thread other(play, 1);
  play(0);
  other.join();
  require(turn == 2 * rounds, "each turn was taken");
}

static timespec soon() {
  timespec t;
  ::clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += 1'000'000;
  if (t.tv_nsec >= 1'000'000'000) ++t.tv_sec, t.tv_nsec -= 1'000'000'000;
  return t;
}

static void has_the_errors_and_the_owner() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  require(::pthread_mutex_lock(&mutex) == 0, "a free one can be taken");
  require(::pthread_mutex_trylock(&mutex) == EBUSY, "a taken one is busy");
  const timespec until = soon();
  require(::pthread_mutex_timedlock(&mutex, &until) == ETIMEDOUT, "a wait for a taken one has its limit");
#if defined(__GLIBC__)
  require(mutex.__data.__owner == static_cast<int>(::syscall(SYS_gettid)), "it says who has it");
  require(::pthread_mutex_destroy(&mutex) == EBUSY, "a taken one is not destroyed");
#endif
  require(::pthread_mutex_unlock(&mutex) == 0, "it can be given back");
#if defined(__GLIBC__)
  require(mutex.__data.__owner == 0 && mutex.__data.__lock == 0 && mutex.__data.__nusers == 0, "nobody has it then");
#endif
  require(::pthread_mutex_timedlock(&mutex, &until) == 0 && ::pthread_mutex_unlock(&mutex) == 0, "it is free again");
  require(::pthread_mutex_destroy(&mutex) == 0, "a free one is destroyed");
}

/// The child is another task, with another id.
static void knows_its_owner_in_a_child() {
  const pid_t child = ::fork();
  if (child == 0) {
    has_the_errors_and_the_owner();
    std::_Exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  require(status == 0, "so it is in a child");
}

static void leaves_other_kinds_alone() {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  pthread_mutex_t mutex;
  ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  ::pthread_mutex_init(&mutex, &attributes);
  require(::pthread_mutex_lock(&mutex) == 0 && ::pthread_mutex_lock(&mutex) == 0, "a recursive one is taken twice");
  require(::pthread_mutex_trylock(&mutex) == 0, "and a third time");
  for (int i = 0; i < 3; ++i) require(::pthread_mutex_unlock(&mutex) == 0, "and given back as often");
  require(::pthread_mutex_unlock(&mutex) == EPERM, "and no more");
  ::pthread_mutex_destroy(&mutex);
  ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  ::pthread_mutex_init(&mutex, &attributes);
  require(::pthread_mutex_lock(&mutex) == 0 && ::pthread_mutex_lock(&mutex) == EDEADLK, "one that checks does");
  require(::pthread_mutex_unlock(&mutex) == 0 && ::pthread_mutex_unlock(&mutex) == EPERM, "at its end, too");
  ::pthread_mutex_destroy(&mutex);
  ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_DEFAULT);
  ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  ::pthread_mutex_init(&mutex, &attributes);
  curfew::thread([&mutex] { ::pthread_mutex_lock(&mutex); }).join();
  require(::pthread_mutex_lock(&mutex) == EOWNERDEAD, "a robust one outlives its owner");
  require(::pthread_mutex_consistent(&mutex) == 0 && ::pthread_mutex_unlock(&mutex) == 0, "and is mended");
  ::pthread_mutex_destroy(&mutex);
  ::pthread_mutexattr_destroy(&attributes);
}

/// Between processes, which wait for one another by another call to the kernel.
static void wakes_another_process() {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(page != MAP_FAILED, "there is memory");
  auto* const mutex = static_cast<pthread_mutex_t*>(page);
  auto* const counter = reinterpret_cast<long*>(mutex + 1);
  ::pthread_mutex_init(mutex, &attributes);
  constexpr int rounds = 50'000;
  const pid_t child = ::fork();
  for (int i = 0; i < rounds; ++i) {
    ::pthread_mutex_lock(mutex);
    *counter = *counter + 1;
    ::pthread_mutex_unlock(mutex);
  }
  if (child == 0) std::_Exit(0);
  ::waitpid(child, nullptr, 0);
  require(*counter == 2L * rounds, "one process at a time has a shared one");
  ::pthread_mutexattr_destroy(&attributes);
}

int main() {
  has_the_errors_and_the_owner();  // alone, where no other thread can be in the way
  excludes_and_wakes();
  serves_a_condition();
  has_the_errors_and_the_owner();
  knows_its_owner_in_a_child();
  leaves_other_kinds_alone();
  wakes_another_process();
  std::puts("as they are");
}
