// SPDX-License-Identifier: Apache-2.0
//! nothing
//! patience 10s
// Many threads wait for locks and conditions that lie beside a static that is destroyed before they are joined.
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

// None of these has a destructor.
static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static std::timed_mutex timed;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER, never = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t meeting;
static sem_t one;
static mtx_t of_c;
static long total, turns;
static std::atomic<int> begun, last = 1000000;

struct crew {
  static constexpr int size = 4;
  std::vector<std::thread> members;

  static void work() {
    for (int i = 0; i < last; ++i) {
      begun = i;
      pthread_mutex_lock(&plain);
      for (int k = 0; k < 10; ++k) sched_yield();
      ++total;
      pthread_mutex_unlock(&plain);
      if (timed.try_lock_for(std::chrono::seconds(20))) {
        ++total;
        timed.unlock();
      }
      if (i % 3 == 0) {
        pthread_rwlock_wrlock(&shared);
        ++total;
      } else {
        pthread_rwlock_rdlock(&shared);
      }
      pthread_rwlock_unlock(&shared);
      sem_wait(&one);
      ++total;
      sem_post(&one);
      mtx_lock(&of_c);
      ++total;
      mtx_unlock(&of_c);
      pthread_mutex_lock(&plain);
      timespec soon{};
      clock_gettime(CLOCK_REALTIME, &soon);
      soon.tv_nsec = (soon.tv_nsec + 200'000) % 1'000'000'000;
      pthread_cond_timedwait(&never, &plain, &soon);
      const long turn = ++turns / size;
      pthread_cond_broadcast(&turned);
      while (turns / size == turn && turns % size != 0) pthread_cond_wait(&turned, &plain);
      pthread_mutex_unlock(&plain);
      pthread_barrier_wait(&meeting);
    }
  }
  void start() {
    for (int i = 0; i < size; ++i) members.emplace_back(&work);
  }
  ~crew() {
    last = begun + 10;  // nobody is more than one ahead
    for (auto& member : members) member.join();
  }
};
static crew only;
static std::string banner = "long enough to lie on the heap, and destroyed before the crew is joined";

int main() {
  pthread_barrier_init(&meeting, nullptr, crew::size);
  sem_init(&one, 0, 1);
  mtx_init(&of_c, mtx_plain);
  only.start();
  usleep(10000);
  return banner.empty() ? 1 : 0;
}
