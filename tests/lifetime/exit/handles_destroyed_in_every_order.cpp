// SPDX-License-Identifier: Apache-2.0
// Handles that go away at odd times: on the thread itself, in its thread_local destructors, after it has ended, in a
// static destructor, with a daemon frozen behind them.
//! out: done
//! out: static handles go
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <memory>
#include <vector>

static std::vector<curfew::thread> kept;  // destroyed after the line is printed
static curfew_test::speaking last("static handles go");

struct holds_a_handle {
  std::unique_ptr<curfew::thread> handle;
};

int main() {
  {
    auto own = std::make_unique<curfew::thread>();
    curfew_test::gate made;
    auto* const place = own.get();
    curfew::thread t([&, o = std::move(own)]() mutable {
      made.wait();
      o.reset();  // its own handle
    });
    const std::uint64_t number = t.info().number;
    *place = std::move(t);
    made.open();
    CHECK(curfew_test::eventually([&] {
      for (const auto& i : curfew::enumerate())
        if (i.number == number) return false;
      return true;
    }));
  }
  {
    curfew::thread t([] {
      static thread_local holds_a_handle local;
      local.handle =
          std::make_unique<curfew::thread>([] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
    });
    t.join();
  }
  for (int i = 0; i < 20; ++i) {
    kept.emplace_back([] {});
    kept.emplace_back(curfew::thread_options{.daemon = true}, [] {});
    kept.emplace_back(curfew::thread_options{.daemon = true},
                      [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  }
  std::puts("done");
}
