// SPDX-License-Identifier: Apache-2.0
// A plugin that starts threads with curfew. host.cpp loads it, and closes it again while they run.
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT extern "C" [[gnu::visibility("default")]]

// Code and data of the plugin: an unloaded plugin is a crash here.
static const char* const messages[] = {"plugin: regular ended", "plugin: static destroyed"};
static std::atomic<long> ticks{0};

struct last_of_the_plugin {
  ~last_of_the_plugin() { std::puts(messages[1]); }
};

static void work() {
  CHECK(curfew_test::eventually([] { return ++ticks > 0 && curfew::exit_phase() == curfew::phase::draining; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts(messages[0]);
}

static void tick() {
  for (;;) {
    ++ticks;
    (void)curfew::enumerate();
  }
}

EXPORT void start(const char* what) {
  static last_of_the_plugin last;
  if (std::strcmp(what, "regular") == 0) curfew::thread(work).detach();
  if (std::strcmp(what, "lambda") == 0) curfew::thread({.name = "lambda"}, [] { work(); }).detach();
  if (std::strcmp(what, "daemon") == 0) {
    curfew::thread({.daemon = true}, tick).detach();
    CHECK(curfew_test::eventually([] { return ticks > 100; }));
  }
  if (std::strcmp(what, "short") == 0) {
    for (int i = 0; i < 5; ++i) curfew::thread([] { ++ticks; }).detach();
    curfew::thread([] { ++ticks; }).join();
  }
  if (std::strcmp(what, "kept") == 0) {
    static curfew::thread kept([] { ++ticks; });
    CHECK(curfew_test::eventually([] { return kept.native_id() != 0; }));
    const pid_t id = kept.native_id();
    kept.detach();
    CHECK(curfew_test::eventually([id] { return ::syscall(SYS_tgkill, ::getpid(), id, 0) != 0; }));
    curfew::thread([] {}).join();  // whose end reaps those that nobody joins
  }
}
