// SPDX-License-Identifier: Apache-2.0
// A thread ends before the pthread_create that made it comes back; what was noted of it is by then another's, which is
// detached before it has begun: that one is frozen all the same.
//! under: run
//! status: 3
//! out: destroyed
#include "shim/create.hpp"
#include "witness.hpp"

#include <pthread.h>
#include <signal.h>

static witness::victim victim;
static std::atomic<pid_t> short_lived{0};
static std::atomic<bool> hooked{false}, short_lived_is_gone{false}, second_is_made{false}, maker_is_back{false},
    detached{false};
static thread_local bool makes_the_short_lived = false;

static void wait_for(const std::atomic<bool>& gate) {
  while (!gate.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

static void hold_up(pthread_t) {
  if (makes_the_short_lived) {
    while (short_lived.load() == 0 || ::tgkill(::getpid(), short_lived.load(), 0) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    short_lived_is_gone = true;
    wait_for(second_is_made);
  } else {
    second_is_made = true;
    wait_for(maker_is_back);
  }
}

static void* note_id(void*) {
  short_lived = ::gettid();
  return nullptr;
}

static void* make_short_lived(void*) {
  makes_the_short_lived = true;
  wait_for(hooked);
  pthread_t thread;
  pthread_create(&thread, nullptr, &note_id, nullptr);
  maker_is_back = true;
  pthread_join(thread, nullptr);
  return nullptr;
}

static void* use(void*) { witness::use_for_ever(); }

int main() {
  pthread_t maker, second;
  pthread_create(&maker, nullptr, &make_short_lived, nullptr);
  before_return = &hold_up;
  hooked = true;
  wait_for(short_lived_is_gone);
  before_start = +[] { wait_for(detached); };
  pthread_create(&second, nullptr, &use, nullptr);
  pthread_detach(second);
  detached = true;
  witness::wait_for_use();
  pthread_join(maker, nullptr);
  return 3;
}
