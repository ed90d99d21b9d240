// SPDX-License-Identifier: Apache-2.0
// A static pool, busy with tasks of all three kinds when the end begins: each finish task runs once, each skip task
// once or never, and abandon tasks do nothing once destructors run.
#include "storm.hpp"

static curfew::thread_pool pool({.name = "busy", .workers = 3});

int main() {
  storm::raise_curtain();
  storm::expect("finish", 300);
  storm::allow("skip", 300);
  for (int i = 1; i <= 300; ++i) {
    if (i == 100 || i == 200)
      pool.post(curfew::at_exit::abandon, [] {
        for (;;) {
          std::string word(100, 'w');
          storm::use_statics();
        }
      });
    pool.post([i] { storm::keep("finish", i); });
    pool.post(curfew::at_exit::skip, [i] { storm::keep("skip", i); });
  }
  return storm::end();
}
