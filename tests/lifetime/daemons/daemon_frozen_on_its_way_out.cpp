// SPDX-License-Identifier: Apache-2.0
// A daemon whose function is over is frozen in the destructor of a pthread key: whoever joins it afterwards gets what
// join promises, and does not wait for an OS thread that is never gone.
//! seconds: 0..8
//! out: joined by hand: true
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <pthread.h>

static curfew_test::speaking first("static destroyed");
static std::atomic<int> inside{0};

static pthread_key_t make_key() {
  pthread_key_t made;
  CHECK(::pthread_key_create(&made, [](void*) {
          inside.fetch_add(1);
          for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
        }) == 0);
  return made;
}
static const pthread_key_t key = make_key();

static void leave_slowly() { ::pthread_setspecific(key, &inside); }

static curfew::jthread by_destructor({.daemon = true}, &leave_slowly);
static curfew::thread by_hand({.daemon = true}, &leave_slowly);

struct joining {
  ~joining() {
    by_hand.join();
    std::printf("joined by hand: %s\n", by_hand.joinable() ? "false" : "true");
  }
};
static joining last;

int main() {
  while (inside.load() != 2) std::this_thread::yield();
}
