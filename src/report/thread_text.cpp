// SPDX-License-Identifier: Apache-2.0
#include "report/thread_text.hpp"

#include "os/module.hpp"
#include "os/tasks.hpp"

namespace curfew::inline v1::detail {
namespace {

constexpr std::size_t most_threads = 20;

void append_threads(report_text& to, std::span<const thread_info> threads) noexcept {
  std::size_t n = 0;
  for (const thread_info& t : threads) {
    if (n++ == most_threads) {
      to << "\n  and " << threads.size() - most_threads << " more";
      return;
    }
    to << "\n  ";
    append_thread(to, t);
  }
}

}  // namespace

void append_thread(report_text& to, const thread_info& t, bool runs) noexcept {
  using namespace std::chrono;
  to.quoted(t.name);
  if (t.kind == thread_kind::foreign && t.number == 0)
    to << " (thread id " << t.native_id << "), detached";
  else
    to << " (#" << t.number << "), " << to_string(t.kind) << ", " << nanoseconds(system_clock::now() - t.started_at)
       << " old";
  const char* const at = t.adopted ? ", adopted at " : ", started at ";
  if (t.created_at.file != nullptr)
    to << at << t.created_at.file << ":" << t.created_at.line;
  else if (const auto offset = os::offset_in_program(t.created_at.address))
    to << at << os::program_name() << "+" << reinterpret_cast<const void*>(offset);
  else if (t.created_at.address != nullptr)
    to << at << t.created_at.address;
  if (!runs) return;
  os::task_status status;
  if (t.native_id == 0) {
    to << ", not begun";
  } else if (os::read_task(t.native_id, status)) {
    if (const char* call = status.call >= 0 ? os::call_name(status.call) : nullptr)
      to << ", blocked in " << call;
    else if (status.state == 'R')
      to << ", running";
  }
}

void append_waiting(report_text& text, std::chrono::nanoseconds waited, std::span<const thread_info> waited_for,
                    std::span<const thread_info> in_a_cycle) noexcept {
  text << "curfew: the exit has waited " << waited << " for " << waited_for.size()
       << (waited_for.size() == 1 ? " thread:" : " threads:");
  append_threads(text, waited_for);
  if (!in_a_cycle.empty()) {
    text << "\ncurfew: not waited for, because they wait for what comes after the wait:";
    append_threads(text, in_a_cycle);
  }
}

}  // namespace curfew::inline v1::detail
