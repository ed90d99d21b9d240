// SPDX-License-Identifier: Apache-2.0
// From a record to a running thread, and what runs on it.
#include "exit/hooks.hpp"
#include "exit/state.hpp"
#include "exit/to_be_frozen.hpp"
#include "os/c_library.hpp"
#include "os/freeze.hpp"
#include "os/module.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"
#include "thread/names.hpp"

#include <curfew/error.hpp>
#include <curfew/thread.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace curfew::inline v1::detail {
namespace {

/// The callable and its arguments end on their thread, whichever way it leaves them.
struct payload_end {
  record& r;
  ~payload_end() { r.operations.destroy(r.payload); }
};

void run_payload(record& r) {
  const payload_end end{r};
  call_as_thread_does([&] { r.operations.run(r.payload, r.stop.get_token()); },
                      [&](const std::exception_ptr& exception) { leave_with(r, exception); });
}

void* run_thread(void* argument) {
  auto& r = *static_cast<record*>(argument);
  r.pthread.store(::pthread_self(), std::memory_order_relaxed);
  show_name(r);
  set_own_record(r, os::id_of_made_thread());  // freezes in here if the exit has frozen daemons meanwhile
  r.started_at = std::chrono::system_clock::now();
  r.begun.store(true);  // makes the time readable
  run_payload(r);
  // A worker that forked is the child's main thread, and its function's end is the end of main.
  if (r.kind == thread_kind::main) std::exit(0);
  return nullptr;
}

/// In phase frozen. Comes back where the handle must look like that of a thread that has not begun.
void too_late(record* made) {
  made->operations.destroy(made->payload);
  if (freeze_if_too_late()) return;
  release(made);
  throw exit_in_progress("curfew: a thread was started at the end of the process");
}

bool list(record& r) {
  const lock_registry lock;
  if (exit_now.now.load() == phase::frozen) return false;
  list_live_locked(r);
  return true;
}

/// The end has asked the threads of its kind to stop, and this one has begun since. A pool's worker changes its kind.
bool comes_after_the_others_were_asked(const record& r) {
  if (exit_now.now.load() < phase::draining) return false;
  const lock_registry lock;
  return exit_now.now.load() >= (r.daemon() ? phase::stopping : phase::draining) && r.is_asked_at_the_end();
}

}  // namespace

record* prepare(const thread_options& options, owner who, std::size_t payload_size, std::size_t payload_align) {
  initialise();
  if (!started_a_thread) arm_at_first_start();
  check_name(options.name);
  if (options.grace && *options.grace < std::chrono::milliseconds(0))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "curfew: thread_options::grace must not be negative");
  record* const r = make_record(payload_size, payload_align);
  try {
    r->stop = std::stop_source();
    if (!options.name.empty()) r->name = options.name;
  } catch (...) {
    release(r);
    throw;
  }
  // A scope's threads inherit nothing. Main counts as a daemon while another thread runs the exit: what it goes on
  // starting must not keep that from ending.
  const bool inherited = who != owner::scope && !runs_hooks_for_the_exit && (inherited_daemon() || is_to_be_frozen());
  r->kind = options.daemon.value_or(inherited) ? thread_kind::daemon : thread_kind::regular;
  r->who = who;
  r->grace = options.grace;
  r->created_at = options.created_at;
  r->stack_size = options.stack_size;
  return r;
}

void* payload_of(record* r) noexcept { return r->payload; }

void discard(record* r) noexcept { release(r); }

[[gnu::noinline]] void launch(record* r, const payload_operations& operations, const void* function) {
  r->operations = operations;
  r->takes_token = operations.takes_token;
  r->created_at.address = __builtin_return_address(0);
  r->parent = own_record().number;
  // Before others see it: by these they tell whose thread it is.
  r->pins[0] = os::pin_module(r->created_at.address);
  r->pins[1] = os::pin_module(function);
  // Its handle has one reference, the OS thread the other.
  if (!list(*r)) return too_late(r);
  pthread_t made;
  int error;
  {
    const os::no_freeze whole;  // whoever is frozen here would leave a record without a thread
    error = os::make_thread(&made, r->stack_size, &run_thread, r);
    if (error == 0) r->pthread.store(made, std::memory_order_relaxed);
  }
  if (error != 0) {
    // ENOMEM is said by some systems where POSIX has EAGAIN.
    const bool refused_size = error == EINVAL && r->stack_size != 0;
    unlist(*r);
    r->operations.destroy(r->payload);
    release(r);
    throw std::system_error(
        std::make_error_code(refused_size ? std::errc::invalid_argument : std::errc::resource_unavailable_try_again),
        refused_size ? "curfew: thread_options::stack_size is below the minimum of the system"
                     : "curfew: the system cannot make another thread");
  }
  if (comes_after_the_others_were_asked(*r)) r->stop.request_stop();
}

}  // namespace curfew::inline v1::detail
