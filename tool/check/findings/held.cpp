// SPDX-License-Identifier: Apache-2.0
// What threads hold when the exit is over: output that is not written, locks, streams.
#include "check/findings/families.hpp"

namespace curfew::tool {
namespace {

involved_thread holder_of(interpreter& in, int event, int thread) {
  auto holder = in.involve(event, thread, "holds it", false);
  if (const auto running = in.record.all_of<check::running_at_end>(in.record.head(event).pid, thread); !running.empty())
    holder.stack = in.record.stack_of(running.back().index);
  return holder;
}

/// What has been found already is why the lock is held, or is what comes of it.
bool is_echo(interpreter& in, const told<check::lock_held>& e) {
  if (in.is_caused(e.pid(), e->holder)) return true;
  for (const auto& blocked : in.record.all_of<check::exit_blocked>(e.pid()))
    if (blocked->holder == e->holder) return true;
  return false;
}

}  // namespace

void find_lost_output(interpreter& in) {
  for (const auto& e : in.record.all<check::output_left>()) {
    finding f;
    f.kind = "output-lost";
    f.threads.push_back(in.involve(e.index, e.thread(), "was writing", false));
    f.message = in.thread_text(e.thread()) + " was frozen with " + std::to_string(e->bytes) +
                " bytes in a file stream that it had not written out";
    f.advice = "join() the thread before main returns; a curfew::shield keeps a daemon from being frozen in between";
    in.add(std::move(f), e.index);
  }
}

void find_held_resources(interpreter& in) {
  for (const auto& e : in.record.all<check::lock_held>()) {
    if (is_echo(in, e)) continue;
    finding f;
    f.error = false;
    f.kind = "lock-held-at-exit";
    f.threads.push_back(holder_of(in, e.index, e->holder));
    f.object = in.object_of(e.index, e->mutex, 0);
    f.message = in.thread_text(e->holder) + " holds the mutex " + interpreter::name_of_object(f.object) +
                " at the end of the exit: a destructor that locks it would wait for ever";
    f.advice = in.advice_for(e->holder);
    in.add(std::move(f), e.index);
  }
  for (const auto& e : in.record.all<check::stream_held>()) {
    static const char* const standard[] = {"stdin", "stdout", "stderr"};
    finding f;
    f.error = false;
    f.kind = "stdio-blocked-at-exit";
    f.threads.push_back(holder_of(in, e.index, e->holder));
    f.object.name = e->descriptor >= 0 && e->descriptor < 3
                        ? standard[e->descriptor]
                        : "the stream of descriptor " + std::to_string(e->descriptor);
    f.message = in.thread_text(e->holder) + " is blocked inside " + f.object.name +
                " and holds its lock: where exit locks every stream (glibc 2.38 and newer, musl) it waits for ever";
    f.advice = "read with read(2) or poll(2), which a stop request can end, or make the thread a daemon: curfew run";
    in.add(std::move(f), e.index);
  }
}

}  // namespace curfew::tool
