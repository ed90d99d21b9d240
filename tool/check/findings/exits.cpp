// SPDX-License-Identifier: Apache-2.0
// How exit was called: in a signal's handler, or a second time.
#include "check/findings/families.hpp"

namespace curfew::tool {

void find_exits_in_handlers(interpreter& in) {
  for (const auto& e : in.record.all<check::exit_in_handler>()) {
    if (e->waited != 0) continue;
    finding f;
    f.kind = "exit-blocked";
    f.threads.push_back(in.involve(e.index, e.thread(), "called exit in a signal's handler", true));
    const auto interrupted = in.record.symbols_at(e.index).at(e->interrupted).front();
    f.message =
        in.thread_text(e.thread()) + " called exit in a signal's handler that had interrupted " +
        code_text(interrupted) +
        ": a destructor blocks as soon as it needs a lock that the interrupted code holds (the allocator's, say), "
        "and finds half-changed objects otherwise";
    f.advice =
        "in a handler only ask for the end: curfew::exit_on_signals(), or curfew::request_exit(), and "
        "return curfew::wait_for_exit() in main";
    in.add(std::move(f), e.index);
  }
}

void find_second_exits(interpreter& in) {
  for (const auto& e : in.record.all<check::exit_again>()) {
    finding f;
    f.kind = "concurrent-exit";
    const bool returned = e->how == check::exit_by::return_from_main;
    f.threads.push_back(
        in.involve(e.index, e.thread(), returned ? "returned from main" : "called exit second", !returned));
    f.message = in.thread_text(e.thread()) +
                (returned ? " returned from main" : " called exit at " + place_text(first_own(f.threads[0].stack)));
    if (const auto began = in.record.all_of<check::exit_began>(e.pid()); !began.empty()) {
      const auto& first = began.front();
      f.threads.push_back(in.involve(first.index, first.thread(), "exits", true));
      f.message += " while " + in.thread_text(first.thread()) + " was in exit already";
    }
    f.advice =
        "let one thread end the process: curfew::request_exit() is safe to call on any, and "
        "return curfew::wait_for_exit() in main exits once";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
