// SPDX-License-Identifier: Apache-2.0
#include <curfew/adopt.hpp>

#include "exit/foreign.hpp"
#include "exit/state.hpp"
#include "exit/to_be_frozen.hpp"
#include "os/freeze.hpp"
#include "os/module.hpp"
#include "os/tasks.hpp"
#include "registry/registry.hpp"
#include "thread/names.hpp"

#include <curfew/thread_info.hpp>

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

namespace curfew::inline v1 {
namespace detail {
namespace {

[[noreturn]] void fail(std::errc code, const char* what) { throw std::system_error(std::make_error_code(code), what); }

/// What the thread is changed by, made outside of the lock.
struct new_state {
  std::string name;
  std::stop_source stop;
  source adopted_at;
};

/// False in phase frozen.
bool adopt_locked(record& self, const adopt_options& options, new_state& made) noexcept {
  if (exit_now.now.load() == phase::frozen) return false;
  self.name.swap(made.name);
  self.stop.swap(made.stop);
  self.created_at = made.adopted_at;
  self.takes_token = options.takes_stop_token;
  self.grace = options.grace;
  self.started_at = std::chrono::system_clock::now();
  self.pthread.store(::pthread_self(), std::memory_order_relaxed);
  self.adopted.store(true);
  change_kind_locked(self, options.daemon ? thread_kind::daemon : thread_kind::regular);
  note_adoption_locked(true);
  return true;
}

/// Keeps the adopting code loaded until the thread's end: a release from within that code must not be what unmaps it.
void pin(record& self, const void* code) noexcept {
  void* const made = os::pin_module(code);
  if (made == nullptr) return;
  void* old = made;
  if (std::ranges::find(self.pins, made) == std::end(self.pins)) {  // nobody else writes them
    const lock_registry lock;
    // A third module takes the place of the second, which has been released since.
    old = std::exchange(self.pins[self.pins[0] == nullptr ? 0 : 1], made);
  }
  os::unpin_module(old);
}

void too_late(bool daemon) {
  if (daemon && exit_now.in_exit_call.load() && exit_now.runner.load() != ::gettid() && !holds_a_lock_of_the_exit())
    os::freeze_for_ever();
  throw exit_in_progress("curfew: adopt: at the end of the process no thread can be adopted any more");
}

}  // namespace
}  // namespace detail

[[gnu::noinline]] adoption adopt(adopt_options options) {
  using namespace detail;
  initialise();
  if (!started_a_thread) arm_at_first_start();
  check_name(options.name);
  if (options.grace && *options.grace < std::chrono::milliseconds(0))
    fail(std::errc::invalid_argument, "curfew: adopt_options::grace must not be negative");
  record& self = own_record();
  if (self.adopted.load()) fail(std::errc::device_or_resource_busy, "curfew: adopt: the thread is adopted already");
  if (self.kind == thread_kind::main)
    fail(std::errc::operation_not_permitted,
         "curfew: adopt: this is the main thread, for which the exit accounts already");
  if (self.kind != thread_kind::foreign)
    fail(std::errc::operation_not_permitted,
         "curfew: adopt: curfew has started this thread, and the exit accounts for it already");
  new_state made{std::string(options.name), std::stop_source(), options.adopted_at};
  if (made.adopted_at.address == nullptr) made.adopted_at.address = __builtin_return_address(0);
  pin(self, made.adopted_at.address);
  bool done;
  bool is_late = false;
  {
    const lock_registry lock;
    done = adopt_locked(self, options, made);
    if (done)
      is_late =
          exit_now.now.load() >= (options.daemon ? phase::stopping : phase::draining) && self.is_asked_at_the_end();
  }
  if (!done) too_late(options.daemon);
  if (is_late) self.stop.request_stop();
  adoption here(&self);
  retain(self);
  if (!options.name.empty()) {
    char buffer[32];
    const auto before = os::name_of_task(::gettid(), buffer).substr(0, sizeof here.name_before_ - 1);
    std::ranges::copy(before, here.name_before_);
    here.renamed_ = !before.empty();
    show_name(self);
  }
  return here;
}

adoption::adoption(adoption&& other) noexcept
    : record_(std::exchange(other.record_, nullptr)), renamed_(other.renamed_) {
  std::ranges::copy(other.name_before_, name_before_);
}

adoption& adoption::operator=(adoption&& other) noexcept {
  adoption moved(std::move(other));  // first, so that assigning to itself keeps the thread
  if (record_ == detail::own_record_if_known())
    release();
  else
    keep();
  std::swap(record_, moved.record_);
  renamed_ = moved.renamed_;
  std::ranges::copy(moved.name_before_, name_before_);
  return *this;
}

adoption::~adoption() {
  if (record_ == nullptr) return;
  if (record_ == detail::own_record_if_known())
    release();
  else
    keep();
}

void adoption::release() {
  using namespace detail;
  if (record_ == nullptr) return;
  record& self = *record_;
  if (&self != own_record_if_known()) {
    if (self.over.load() != 0) return keep();
    fail(std::errc::operation_not_permitted, "curfew: adoption::release: this is not the adopted thread");
  }
  // Where it holds a lock it stays what it is, and is frozen when it gives the lock back.
  if (!self.daemon() || !freeze_if_too_late()) {
    new_state given_back{{}, std::stop_source(std::nostopstate), {}};
    {
      const lock_registry lock;
      if (self.adopted.exchange(false)) {  // not in the child of a fork, where it is main
        self.name.swap(given_back.name);
        self.stop.swap(given_back.stop);
        self.created_at = {};
        self.takes_token = false;
        self.grace.reset();
        change_kind_locked(self, thread_kind::foreign);
        note_adoption_locked(false);
      }
    }
    if (renamed_) os::name_own_task(name_before_, std::char_traits<char>::length(name_before_));
    note_change();
  }
  keep();
}

void adoption::keep() noexcept {
  if (record_ != nullptr) detail::release(std::exchange(record_, nullptr));
}

adoption::operator bool() const noexcept {
  return record_ != nullptr && record_->adopted.load() && record_->over.load() == 0;
}

std::stop_source adoption::get_stop_source() const noexcept {
  if (record_ == nullptr) return std::stop_source(std::nostopstate);
  const detail::lock_registry lock;
  return record_->stop;
}

}  // namespace curfew::inline v1
