// SPDX-License-Identifier: Apache-2.0
// A library's constructor calls exit, under the loader's lock, for which the probe thread waits for good. A destructor
// that waits for what only a frozen thread could give is found all the same.
//! status: 3
//! seconds: 0..8
//! out: the destructor waits
//! err~ curfew: the exit is ended here, with status 3: .* waits for what only a frozen thread could give; .*
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <dlfcn.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

static sem_t given;
static std::atomic<bool> daemon_is_there{false};

struct waits {
  ~waits() {
    std::puts("the destructor waits");
    ::sem_wait(&given);
    std::puts("it does not any more");
  }
};
static waits last;

int main() {
  ::sem_init(&given, 0, 0);
  curfew::thread({.daemon = true}, [] {
    daemon_is_there = true;
    ::pause();
    ::sem_post(&given);
  });
  if (!curfew_test::eventually([] { return daemon_is_there.load(); })) return 1;
  std::printf("no library: %p\n", ::dlopen(LIBRARY_THAT_EXITS, RTLD_NOW));
}
