// SPDX-License-Identifier: Apache-2.0
// A queue that daemons and std::threads take from, by each way to wait on a condition variable (the argument); its
// destructor closes it, wakes all and joins the std::threads. "drained": it first waits, waking nobody, until those
// have taken all that is there. Right: the joins come back, OK is printed, status 0.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

static std::string kind;

// C conditions, with clock and sharing by kind.
struct c_condition {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};
static c_condition* c = nullptr;
static bool closed = false;
static long produced = 0, consumed = 0;

struct any {
  std::shared_mutex mutex;
  std::condition_variable_any changed;
};

struct queue {
  std::mutex mutex;
  std::condition_variable changed;
  any shared;
  std::vector<std::thread> joined;

  void push(bool all) {
    if (kind == "c" || kind == "shared" || kind == "clock") {
      pthread_mutex_lock(&c->mutex);
      ++produced;
      pthread_mutex_unlock(&c->mutex);
      all ? pthread_cond_broadcast(&c->changed) : pthread_cond_signal(&c->changed);
    } else if (kind == "any") {
      {
        std::lock_guard lock(shared.mutex);
        ++produced;
      }
      all ? shared.changed.notify_all() : shared.changed.notify_one();
    } else {
      {
        std::lock_guard lock(mutex);
        ++produced;
      }
      all ? changed.notify_all() : changed.notify_one();
    }
  }
  bool pop() {
    if (kind == "c" || kind == "shared" || kind == "clock") {
      pthread_mutex_lock(&c->mutex);
      while (!closed && produced == consumed) {
        if (kind == "clock") {
          timespec t;
          clock_gettime(CLOCK_MONOTONIC, &t);
          t.tv_sec += 100;
          pthread_cond_clockwait(&c->changed, &c->mutex, CLOCK_MONOTONIC, &t);
        } else {
          pthread_cond_wait(&c->changed, &c->mutex);
        }
      }
      const bool got = produced != consumed;
      consumed += got;
      pthread_mutex_unlock(&c->mutex);
      return got;
    }
    if (kind == "any") {
      std::unique_lock lock(shared.mutex);
      shared.changed.wait(lock, [] { return closed || produced != consumed; });
      const bool got = produced != consumed;
      consumed += got;
      return got;
    }
    std::unique_lock lock(mutex);
    const auto ready = [] { return closed || produced != consumed; };
    if (kind == "until")
      while (!changed.wait_until(lock, std::chrono::system_clock::now() + 100ms, ready)) continue;
    else if (kind == "for")
      while (!changed.wait_for(lock, 1ms, ready)) continue;
    else
      changed.wait(lock, ready);
    const bool got = produced != consumed;
    consumed += got;
    return got;
  }
  ~queue() {
    if (kind == "drained") {  // live threads are to take all that is there, nobody wakes them again
      for (;;) {
        std::unique_lock lock(mutex);
        if (produced == consumed) break;
        lock.unlock();
        usleep(100);
      }
    }
    if (c != nullptr) pthread_mutex_lock(&c->mutex);
    if (kind == "any") shared.mutex.lock();
    mutex.lock();
    closed = true;
    mutex.unlock();
    if (kind == "any") shared.mutex.unlock();
    if (c != nullptr) {
      pthread_mutex_unlock(&c->mutex);
      pthread_cond_broadcast(&c->changed);
    }
    if (kind == "one") {
      for (std::size_t i = 0; i < joined.size(); ++i) changed.notify_one();
    } else {
      changed.notify_all();
      shared.changed.notify_all();
    }
    for (auto& t : joined) t.join();
    if (c != nullptr) pthread_cond_destroy(&c->changed);
  }
};
static queue work;

int main(int argc, char** argv) {
  kind = argc > 1 ? argv[1] : "wait";
  const int joined = argc > 2 ? atoi(argv[2]) : 2;
  if (kind == "c" || kind == "shared" || kind == "clock") {
    c = static_cast<c_condition*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    pthread_mutex_init(&c->mutex, nullptr);
    pthread_condattr_t a;
    pthread_condattr_init(&a);
    if (kind == "shared") pthread_condattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    if (kind == "clock") pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &a);
  }
  for (int i = 0; i < joined; ++i)
    work.joined.emplace_back([] {
      while (work.pop()) continue;
    });
  for (int i = 0; i < 4; ++i)
    curfew::thread({.daemon = true}, [] {
      while (work.pop()) tick();
    });
  for (int p = 0; p < 2; ++p)
    curfew::thread({.daemon = true}, [p] {
      for (int i = 0;; ++i) {
        work.push(p == 1);
        if (i % 64 == 0) usleep(1);
      }
    });
  a_moment();
}
