// SPDX-License-Identifier: Apache-2.0
// libcurfew-run.so: what `curfew run` puts into a program. The exit protocol is src/exit's, the locks are
// src/lock_tracking's; here is how they differ for a program that knows nothing of them.
#include "exit/policy.hpp"
#include "exit/state.hpp"
#include "exit/thread_left.hpp"
#include "os/small_text.hpp"
#include "os/standard_descriptor.hpp"
#include "report/exit_text.hpp"
#include "run/record.hpp"
#include "run/request.hpp"
#include "run/seccomp_state.hpp"

#include <dlfcn.h>
#include <gnu/libc-version.h>

#include <cstdlib>

namespace curfew::inline v1::detail {
namespace {

/// Without a word from the command (LD_PRELOAD set by hand) what it says by default.
const char* options() {
  const char* const text = preload::asked().options;
  return text[0] != '\0' ? text : "foreign=freeze";
}

void report(std::string_view line) {
  preload::note_line(line);
  constexpr std::string_view prefix = "curfew: ";
  if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
  write_exit_line(line, preload::asked().report);
}

void* module_of(const void* code) noexcept {
  Dl_info info{};
  return code != nullptr && ::dladdr(code, &info) != 0 ? info.dli_fbase : nullptr;
}

/// Not where the program has an exit of its own, as each program with the library curfew has: behind ours comes the C
/// library's then no more, or ours is not the first.
bool is_ours() {
  const void* const first = ::dlsym(RTLD_DEFAULT, "exit");
  const void* const next = ::dlsym(RTLD_NEXT, "exit");
  const bool ours = module_of(first) == module_of(reinterpret_cast<const void*>(&is_ours)) &&
                    module_of(next) == module_of(reinterpret_cast<const void*>(&::gnu_get_libc_version));
  if (!ours) report("curfew: the program brings an exit of its own, and is left alone");
  return ours;
}

bool is_heard() { return preload::asked().report[0] != '\0' || preload::asked().record[0] != '\0'; }

void steps_are_done(const exit_report& report) {
  const unsigned at_work = exit_now.at_work.load();
  preload::note_steps(report, at_work);
  if (at_work == 0) return;
  os::small_text<256> line;
  line << "exit: " << at_work << (at_work == 1 ? " frozen thread was" : " frozen threads were")
       << " at work; --wait-detached waits until such threads have ended";
  write_exit_line(line.view(), preload::asked().report);
}

void threads_are_thawed(unsigned count) {
  preload::note_thawed(count);
  os::small_text<128> line;
  line << "the exit waits for frozen threads: " << count << (count == 1 ? " is" : " are") << " thawed";
  write_exit_line(line.view(), preload::asked().report);
}

void ends(int status) { preload::write_record(status); }

/// Registered before the loader's own exit handler, which closes all libraries: it runs after that.
[[gnu::constructor(101)]] void note_the_end() {
  preload::asked();
  os::note_standard_descriptors();
  if (preload::asked().record[0] != '\0') ::on_exit([](int status, void*) { preload::write_record(status); }, nullptr);
}

}  // namespace

constinit exit_policy policy{.preloaded = true,
                             .options = &options,
                             .is_ours = &is_ours,
                             .get_seccomp_state = &preload::get_seccomp_state,
                             .report_line = &report,
                             .is_heard = &is_heard,
                             .steps_are_done = &steps_are_done,
                             .threads_are_thawed = &threads_are_thawed,
                             .ends = &ends,
                             .main_has_left = &leave_exit_to_the_last_thread};

}  // namespace curfew::inline v1::detail
