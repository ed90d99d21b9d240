// SPDX-License-Identifier: Apache-2.0
// A destructor that spins on what a frozen daemon holds ends the exit soon, and not by the limit; one that computes all
// that time is left alone.
//! case: a lock
//! args: lock
//! seconds: 0..4
//! status: 3
//! out: kept
//! err~ curfew: the exit is ended here, with status 3: .*spinning.* spins for what only a frozen thread could do; .*
//! case: with yield
//! args: yield
//! seconds: 0..4
//! status: 3
//! out: kept
//! err~ curfew: the exit is ended here, with status 3: .*spinning.* spins for what only a frozen thread could do; .*
//! case: computes
//! args: compute
//! status: 3
//! out: kept
//! out: computed
//! out: static destroyed
//! case: copies
//! args: copy
//! status: 3
//! out: kept
//! out: copied
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

#include <fcntl.h>
#include <unistd.h>

using namespace curfew_test;

static speaking first("static destroyed");
static std::atomic<int> held{0};
static volatile unsigned long result;
static const char* how = "";

/// The same call with the same arguments and the same result, again and again.
static void copy() {
  char buffer[4096];
  const int from = ::open("/dev/zero", O_RDONLY), to = ::open("/dev/null", O_WRONLY);
  const auto until = std::chrono::steady_clock::now() + 1500ms;
  while (std::chrono::steady_clock::now() < until)
    for (int i = 0; i < 100'000; ++i) CHECK(::read(from, buffer, sizeof buffer) == ::write(to, buffer, sizeof buffer));
  std::puts("copied");
}

static void compute() {
  const auto until = std::chrono::steady_clock::now() + 1500ms;
  while (std::chrono::steady_clock::now() < until) {
    unsigned long value = result;
    for (int i = 0; i < 100'000'000; ++i) value = value * 6364136223846793005UL + 1;
    result = value;
  }
  std::puts("computed");
}

struct spinning {
  ~spinning() {
    std::puts("kept");
    if (std::strcmp(how, "copy") == 0) copy();
    if (std::strcmp(how, "compute") == 0) compute();
    if (std::strcmp(how, "lock") == 0)
      while (held.load() != 0) {
      }
    if (std::strcmp(how, "yield") == 0)
      while (held.load() != 0) std::this_thread::yield();
  }
};
static spinning object;

int main(int, char** argv) {
  how = argv[1];
  curfew::thread({.daemon = true}, [] {
    held.store(1);
    for (;;) std::this_thread::sleep_for(1h);
  });
  while (held.load() == 0) std::this_thread::yield();
  return 3;
}
