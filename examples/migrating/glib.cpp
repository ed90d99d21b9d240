// SPDX-License-Identifier: Apache-2.0
// GLib: a main loop on a thread of its own. The hook ends the loop, and the exit waits for its thread.
//! case: before
//! args: before
//! out: main: returns
//! case: after
//! args: after
//! out: main: returns
//! out: loop: closed its files
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <glib.h>

#include <cstdio>
#include <string_view>

static void run_loop(GMainLoop* loop) {
  g_main_loop_run(loop);
  std::puts("loop: closed its files");
}

namespace before {
static void* loop_thread(void* loop) {
  run_loop(static_cast<GMainLoop*>(loop));
  return nullptr;
}

static int run() {
  GMainLoop* const loop = g_main_loop_new(nullptr, FALSE);
  g_thread_unref(g_thread_new("loop", loop_thread, loop));  // detached: killed in the middle
  std::puts("main: returns");
  return 0;
}
}  // namespace before

namespace after {
// Also right where the loop has not begun to run yet: the quit is then its first event.
static void quit(GMainLoop* loop) {
  g_idle_add(
      [](void* l) -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(l));
        return G_SOURCE_REMOVE;
      },
      loop);
}

static int run() {
  GMainLoop* const loop = g_main_loop_new(nullptr, FALSE);
  curfew::before_wait("quit the loop", [loop] { quit(loop); });
  curfew::thread({.name = "loop"}, run_loop, loop);
  std::puts("main: returns");
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
