// SPDX-License-Identifier: Apache-2.0
// What every program of the storm has: statics that its daemons outlive, lines that must arrive, and a way to tell the
// driver what happened. A program is one source file; it includes this first.
//
// The driver reads two things. From stdout: lines that `keep` wrote, each of which must be there, and `noise`, which
// may be lost but never torn. From the file STORM_FD names: marks, each a line `PID WORDS`, written with write(2), so
// that they arrive whatever becomes of stdio.
//
//   expect WRITER N     N lines of this writer will be kept
//   allow WRITER N      they may be
//   first               the first static destructor has begun
//   last                the last one is done: without it, destructors were skipped
//   late N              daemons took N steps between the two
//   ended PID           a child of fork was waited for
//   status N            the right status, when it is not `storm::status`
//   may-skip WHY        this program's destructors need not run
//   fault CLASS WHAT    the program itself saw something go wrong; CLASS as the driver's columns
#pragma once

#ifdef STORM_BASELINE
#include "baseline.hpp"
#else
#include <curfew/curfew.hpp>
#endif

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace storm {

/// What every program ends with: not 0, so that a status that got lost is seen.
inline constexpr int status = 17;

inline int mark_fd = -1;

template <class... Values>
void mark(const char* format, Values... values) noexcept {
  char line[200];
  int n = std::snprintf(line, sizeof line, "%d ", static_cast<int>(::getpid()));
  if constexpr (sizeof...(Values) == 0)
    n += std::snprintf(line + n, sizeof line - n - 1, "%s", format);
  else
    n += std::snprintf(line + n, sizeof line - n - 1, format, values...);
  line[n++] = '\n';
  [[maybe_unused]] const auto written = ::write(mark_fd, line, static_cast<std::size_t>(n));
}

/// Says that `lines` lines of `writer` will be kept. Said by who starts the writer, before.
inline void expect(const char* writer, int lines) noexcept { mark("expect %s %d", writer, lines); }

inline void allow(const char* writer, int lines) noexcept { mark("allow %s %d", writer, lines); }

/// Says that this program's end may come without its static destructors.
inline void may_skip(const char* why) noexcept { mark("may-skip %s", why); }

/// One line that must arrive.
inline void keep(const char* writer, int number) { std::printf("keep %s %d\n", writer, number); }

inline void keep_all(const char* writer, int lines) {
  for (int i = 1; i <= lines; ++i) keep(writer, i);
}

/// One line that is whole when it arrives.
inline constexpr char noise[] = "noise 0123456789 0123456789 0123456789 0123456789 end\n";

// What the daemons have done so far: when it grows while destructors run, one of them runs too.
inline std::atomic<std::uint64_t> steps{0};
inline std::uint64_t steps_at_first = 0;
inline bool first_seen = false;

/// A moment of 0 to 500 us, so that each run's exit finds the daemons elsewhere.
inline void jitter() {
  const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count() / 100;
  ::usleep(static_cast<useconds_t>(ticks % 500));
}

// Built first and so destroyed last.
struct witness {
  witness() {
    ::alarm(30);  // nothing here outlives its driver
    if (const char* const number = std::getenv("STORM_FD")) mark_fd = std::atoi(number);
  }
  ~witness() {
    if (const auto n = steps.load() - steps_at_first; first_seen && n != 0)
      mark("late %llu", static_cast<unsigned long long>(n));
    mark("last");
  }
};
static const witness built_first;

// What a program has: statics that threads use.
static std::map<int, std::string> names = [] {
  std::map<int, std::string> m;
  for (int i = 0; i < 4000; ++i) m.emplace(i, "the name of the entry with the number " + std::to_string(i));
  return m;
}();
static std::vector<std::string> lines(500, std::string(60, 'x'));
static std::mutex mutex;
static std::condition_variable changed;

// Built when the first daemons start, so destroyed before the statics above. Does what destructors do: takes a lock,
// prints, allocates, throws, notifies.
struct curtain {
  ~curtain() {
    steps_at_first = steps.load();
    first_seen = true;
    mark("first");
    {
      const std::lock_guard hold(mutex);
      keep("destructor", 1);
      expect("destructor", 1);  // only now: the destructor may be cut short
      std::vector<std::string> copies;
      for (int i = 0; i < 100; ++i) copies.emplace_back(static_cast<std::size_t>(i * 37), 'c');
      try {
        throw std::runtime_error(copies.back());
      } catch (const std::runtime_error&) {
        lines.clear();
      }
    }
    changed.notify_all();
  }
};
inline void raise_curtain() { static const curtain built_last; }

/// Work in registers, a few nanoseconds a round.
inline void compute(int rounds) {
  for (int i = 0; i < rounds; ++i) asm volatile("" : "+r"(i));
}

inline std::atomic<int> begun{0};

/// What daemons do between steps: read a static that nobody changes while it lives.
inline void use_statics() {
  const auto found = names.find(static_cast<int>(steps.fetch_add(1, std::memory_order_relaxed) % 4000));
  if (found == names.end() || found->second.compare(0, 8, "the name") != 0) std::abort();
}

template <class Step>
void take(Step& step, [[maybe_unused]] int number) {
  if constexpr (std::is_invocable_v<Step&, int>)
    step(number);
  else
    step();
}

/// Starts `count` daemons that call `step`, with or without their number, for ever; returns when all of them do.
template <class Step>
void daemons(int count, Step step) {
  raise_curtain();
  const int all = begun.load() + count;
  for (int i = 0; i < count; ++i) {
    curfew::thread({.daemon = true}, [step, i]() mutable {
      begun.fetch_add(1);
      begun.notify_all();
      for (;;) {
        take(step, i);
        use_statics();
      }
    });
  }
  for (int n = begun.load(); n < all; n = begun.load()) begun.wait(n);
}

/// The last words of most programs: main's own lines, a moment, the status.
inline int end() {
  expect("main", 20);
  {
    const std::lock_guard hold(mutex);  // a fork meanwhile would double what is in stdout's buffer
    keep_all("main", 20);
  }
  jitter();
  return status;
}

/// A file that lies beside the program.
inline std::string beside(const char* file) {
  char path[4096];
  const auto n = ::readlink("/proc/self/exe", path, sizeof path);
  std::string whole(path, n > 0 ? static_cast<std::size_t>(n) : 0);
  return whole.substr(0, whole.rfind('/') + 1) + file;
}

}  // namespace storm
