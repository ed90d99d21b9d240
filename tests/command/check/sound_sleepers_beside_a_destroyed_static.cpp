// SPDX-License-Identifier: Apache-2.0
//! nothing
// Threads that have slept since before the exit, for a lock, a condition, a semaphore, wake beside destroyed statics
// and find the lock taken.
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER, door = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER, soon = PTHREAD_COND_INITIALIZER;
static sem_t gate;
static bool open_now = false;

struct queue {
  std::vector<std::thread> threads;
  void start() {
    pthread_mutex_lock(&door);
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([] {
        pthread_mutex_lock(&door);
        usleep(1000);
        pthread_mutex_unlock(&door);
      });
      threads.emplace_back([] {
        pthread_mutex_lock(&guard);
        while (!open_now) pthread_cond_wait(&ready, &guard);
        usleep(1000);
        pthread_mutex_unlock(&guard);
      });
      threads.emplace_back([] {
        pthread_mutex_lock(&guard);
        timespec until{};
        clock_gettime(CLOCK_REALTIME, &until);
        ++until.tv_sec;
        while (!open_now) pthread_cond_timedwait(&soon, &guard, &until);
        usleep(1000);
        pthread_mutex_unlock(&guard);
      });
      threads.emplace_back([] { sem_wait(&gate); });
    }
  }
  ~queue() {
    usleep(50000);
    pthread_mutex_lock(&guard);
    open_now = true;
    pthread_cond_signal(&ready);
    pthread_cond_signal(&ready);
    pthread_cond_broadcast(&ready);
    pthread_cond_broadcast(&soon);
    usleep(2000);
    pthread_mutex_unlock(&guard);
    pthread_mutex_unlock(&door);
    for (int i = 0; i < 3; ++i) sem_post(&gate);
    for (auto& one : threads) one.join();
  }
};
static queue only;
static std::string banner = "long enough to lie on the heap, and destroyed before the threads are joined";

int main() {
  sem_init(&gate, 0, 0);
  only.start();
  usleep(20000);
  return banner.empty() ? 1 : 0;
}
