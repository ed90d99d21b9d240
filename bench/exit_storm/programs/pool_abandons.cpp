// SPDX-License-Identifier: Apache-2.0
// Every worker of every pool, static, local and leaked, is in an abandon task for ever: finish tasks behind them are
// run, and the pools' destructors wait for nobody.
#include "storm.hpp"

static curfew::thread_pool made_static({.workers = 2});

static void fill(curfew::thread_pool& pool, const char* writer) {
  storm::expect(writer, 20);
  for (int i = 0; i < 4; ++i)  // two of them never begin
    pool.post(curfew::at_exit::abandon, [&pool] {
      for (;;) {
        try {
          pool.post(curfew::at_exit::abandon, [] {});
        } catch (const std::exception&) {
        }
        storm::use_statics();
        ::usleep(20);
      }
    });
  for (int i = 1; i <= 20; ++i) pool.post([writer, i] { storm::keep(writer, i); });
}

int main() {
  storm::raise_curtain();
  static curfew::thread_pool local({.workers = 2});
  auto* const leaked = new curfew::thread_pool({.workers = 2});
  fill(made_static, "static");
  fill(local, "local");
  fill(*leaked, "leaked");
  return storm::end();
}
