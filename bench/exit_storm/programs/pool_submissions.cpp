// SPDX-License-Identifier: Apache-2.0
// Tasks of all kinds are submitted while the end begins: from main, regular threads, daemons, tasks, hooks and a static
// destructor. What was taken and is of kind finish runs once; what was refused never runs.
#include "storm.hpp"

static curfew::thread_pool* const pool = new curfew::thread_pool({.workers = 2});

/// Each task has a writer's name of its own.
static bool submit(const char* from, int number, curfew::at_exit kind) {
  char name[40];
  std::snprintf(name, sizeof name, "%s-%d-%s", from, number, curfew::to_string(kind));
  std::string writer = name;
  if (kind == curfew::at_exit::abandon) return pool->post(kind, [] { storm::use_statics(); });
  storm::allow(name, 1);
  if (!pool->post(kind, [writer] { storm::keep(writer.c_str(), 1); })) return false;
  if (kind == curfew::at_exit::finish) storm::expect(name, 1);  // only now: it was not refused
  return true;
}

static void submit_all(const char* from, int count) {
  for (int i = 0; i < count; ++i)
    for (const auto kind : {curfew::at_exit::finish, curfew::at_exit::skip, curfew::at_exit::abandon})
      submit(from, i, kind);
}

static void submit_for_ever(const char* from) {
  for (int i = 0; i < 300; ++i) {
    try {
      submit_all((std::string(from) + std::to_string(i)).c_str(), 1);
    } catch (const curfew::exit_in_progress&) {
    }
    ::usleep(30);
  }
}

struct late {
  ~late() {
    for (const auto kind : {curfew::at_exit::finish, curfew::at_exit::skip, curfew::at_exit::abandon}) {
      try {
        submit("destructor", 1, kind);
        storm::mark("fault lost-output a pool has taken a task in a static destructor");
      } catch (const curfew::exit_in_progress&) {
      }
    }
  }
};

int main() {
  static const late destroyed_late;
  storm::raise_curtain();
  curfew::before_wait("submit", [] { submit_all("before", 5); });
  curfew::after_wait("submit", [] { submit_all("after", 5); });
  curfew::thread({.daemon = true}, [] { submit_for_ever("daemon"); });
  curfew::thread({.daemon = true}, [] { submit_for_ever("other"); });
  curfew::thread([] { submit_all("regular", 40); });
  pool->post([] { submit_all("task", 20); });
  submit_all("main", 20);
  return storm::end();
}
