// SPDX-License-Identifier: Apache-2.0
// The exit waits for a detached thread of somebody else's that has adopted itself as regular: until the release, or
// until its thread_local objects and the destructors of its pthread keys are over.
//! args: {case}
//! repeat: 3
//! case: released
//! out: work is done
//! out: static destroyed
//! case: kept
//! out: work is done
//! out: thread_local destroyed
//! out: key destroyed
//! out: static destroyed
//! case: ended_by_pthread_exit
//! out: work is done
//! out: thread_local destroyed
//! out: key destroyed
//! out: static destroyed
//! case: not_adopted
//! out: static destroyed
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <pthread.h>

#include <string>
#include <thread>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate adopted;
static pthread_key_t key;

static void rest() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

struct slow_end {
  ~slow_end() {
    rest();
    std::puts("thread_local destroyed");
  }
};

static void work(const std::string& which) {
  thread_local slow_end end;
  if (which == "not_adopted") {
    adopted.open();
    for (;;) rest();
  }
  if (which == "released") {
    {
      const auto here = curfew::adopt({.name = "scoped"});
      adopted.open();
      rest();
      std::puts("work is done");
    }
    for (;;) rest();
  }
  static_cast<void>(&end);
  ::pthread_setspecific(key, &last);
  curfew::adopt({.name = "kept"}).keep();
  adopted.open();
  rest();
  std::puts("work is done");
  if (which == "ended_by_pthread_exit") ::pthread_exit(nullptr);
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  if (which == "ended_by_pthread_exit" && curfew_test::no_pthread_exit != nullptr)
    curfew_test::skip(curfew_test::no_pthread_exit);
  // In a later turn than the first, where a key comes that is set anew.
  ::pthread_key_create(&key, [](void* value) {
    static thread_local int turns = 0;
    if (++turns < 2) {
      ::pthread_setspecific(key, value);
    } else {
      rest();
      std::puts("key destroyed");
    }
  });
  std::thread(work, which).detach();
  adopted.wait();
}
