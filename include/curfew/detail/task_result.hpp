// SPDX-License-Identifier: Apache-2.0
// A task and the place of its result in one cell of memory. The task's worker and the future share it; whoever is the
// last to need it frees it.
#pragma once

#include <curfew/detail/parking.hpp>
#include <curfew/detail/task.hpp>
#include <curfew/forward.hpp>

#include <cxxabi.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <future>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace detail {

/// What became of a task. `nothing`: it has not ended yet, or it ended its thread and so broke its promise.
enum class outcome : unsigned char { nothing, value, exception, dropped };

struct result_state;

/// What is to be done with a result as soon as it is there, in place of a future that waits for it. Owns the result.
struct continuation {
  void (*act)(continuation*, result_state*) noexcept;
};

struct result_state : task {
  // Bits of `state`.
  static constexpr std::uint32_t done = 1;        ///< the outcome is there, and the task does not use the cell any more
  static constexpr std::uint32_t waited_for = 2;  ///< a thread may sleep, at the address of `state`
  static constexpr std::uint32_t unowned = 4;     ///< the future is gone
  static constexpr std::uint32_t continued = 8;   ///< `then` has taken the place of the future

  using task::task;

  outcome how = outcome::nothing;  ///< written before `done`
  std::atomic<std::uint32_t> state{0};
  continuation* then = nullptr;  ///< written before `continued`

  [[nodiscard]] bool is_done() const noexcept { return (state.load(std::memory_order_acquire) & done) != 0; }
};

/// The task has ended. Whoever waits for the result goes on, and the cell may be gone.
CURFEW_API void publish(result_state*) noexcept;
/// Calls `fulfil` with it, and publishes it, also when the task ends its thread. For programs that are built without
/// exceptions: nothing in their code happens then.
CURFEW_API void fulfil_and_publish(result_state*, void (*fulfil)(result_state*));
/// Sleeps, after it has looked for some microseconds, until the result is there.
CURFEW_API wait_end wait_for_result(result_state&, stop_choice, steady_time deadline);
/// The same, and nothing ends it but the result.
CURFEW_API void wait_for_result(result_state&);
/// `then` is called here if the result is there already, and otherwise by the task's worker.
CURFEW_API void continue_with(result_state*, continuation* then) noexcept;
/// Throws what a result without a value stands for. `thrown`: of `outcome::exception`.
[[noreturn]] CURFEW_API void throw_outcome(outcome, const std::exception_ptr* thrown);
[[noreturn]] CURFEW_API void throw_no_state();
/// The exception of a future whose task was dropped.
[[nodiscard]] CURFEW_API std::exception_ptr dropped_exception();

/// Nobody needs the future any more.
inline void give_up(result_state* r) noexcept {
  if (r->is_done() || (r->state.fetch_or(result_state::unowned, std::memory_order_acq_rel) & result_state::done) != 0)
    r->act(r, fate::destroy);
}

/// A result as it is kept: references as pointers, `void` as nothing.
template <class R>
struct kept_result {
  using type = std::remove_const_t<R>;
  static R take(type& kept) { return static_cast<type&&>(kept); }
};
template <class R>
struct kept_result<R&> {
  using type = R*;
  static R& take(type& kept) { return *kept; }
};
template <>
struct kept_result<void> {
  struct type {};
  static void take(type&) noexcept {}
};

template <class R>
struct result_of : result_state {
  using kept = typename kept_result<R>::type;

  union {
    kept value;                    ///< of `outcome::value`
    std::exception_ptr exception;  ///< of `outcome::exception`
  };

  result_of(action a, at_exit k) noexcept : result_state(a, k) {}
  result_of(const result_of&) = delete;
  result_of& operator=(const result_of&) = delete;
  ~result_of() {
    if (how == outcome::value) value.~kept();
    if (how == outcome::exception) exception.~exception_ptr();
  }

  void set_exception(std::exception_ptr&& thrown) noexcept {
    ::new (static_cast<void*>(std::addressof(exception))) std::exception_ptr(std::move(thrown));
    how = outcome::exception;
  }
  /// The result, or throws what there is in its place.
  R take() {
    if (how != outcome::value) throw_outcome(how, how == outcome::exception ? &exception : nullptr);
    return kept_result<R>::take(value);
  }
};

/// A task whose result goes to a future.
template <class Call>
struct submitted_task : result_of<typename Call::result> {
  using result = typename Call::result;
  using base = result_of<result>;

  union {
    Call call;  ///< gone before the future is ready: what it refers to may be gone with whoever waits for that
  };

  template <class... Given>
  explicit submitted_task(at_exit k, Given&&... given)
      : base(&act_on, k), call(std::in_place, std::forward<Given>(given)...) {}
  submitted_task(const submitted_task&) = delete;
  submitted_task& operator=(const submitted_task&) = delete;
  ~submitted_task() {}  // NOLINT(modernize-use-equals-default): `call` is a call_owner's to destroy

  struct call_owner {
    Call& call;
    ~call_owner() { call.~Call(); }
  };
  /// Also when the task ends its thread: the promise is broken then.
  struct publisher {
    submitted_task* ended;
    ~publisher() { publish(ended); }
  };

  static void act_on(task* t, fate what) {
    auto* const self = static_cast<submitted_task*>(t);
    if (what == fate::destroy) {
      const cell_owner<submitted_task> end{self};
      return;
    }
    if (what == fate::drop) {
      const publisher end{self};
      const call_owner dropped{self->call};
      self->how = outcome::dropped;
      return;
    }
#if !defined(__cpp_exceptions)
    fulfil_and_publish(self, [](result_state* r) { static_cast<submitted_task*>(r)->fulfil(); });
#else
    const publisher end{self};
    try {
      self->fulfil();
#if defined(__GLIBCXX__)
    } catch (abi::__forced_unwind&) {
      throw;  // pthread_exit: must go on
#endif
    } catch (...) {
      auto exception = std::current_exception();
      if (!exception) throw;  // the same, where the runtime has no name for it
      self->set_exception(std::move(exception));
    }
#endif
  }

  void fulfil() {
    void* const place = static_cast<void*>(std::addressof(this->value));
    if constexpr (std::is_void_v<result>) {
      call_once();
      ::new (place) typename base::kept;
    } else if constexpr (std::is_reference_v<result>) {
      ::new (place) typename base::kept(std::addressof(call_once()));
    } else {
      ::new (place) typename base::kept(call_once());
    }
    this->how = outcome::value;
  }

  result call_once() {
    const call_owner called{call};
    return call();
  }
};

/// Passes a result on to a std::future.
template <class R>
struct promise_keeper : continuation {
  std::promise<R> promise;

  promise_keeper() : continuation{&act_on} {}

  static void act_on(continuation* c, result_state* r) noexcept {
    const std::unique_ptr<promise_keeper> self(static_cast<promise_keeper*>(c));
    auto& result = *static_cast<result_of<R>*>(r);
#if defined(__cpp_exceptions)
    try {
      self->keep(result);
    } catch (...) {
      self->promise.set_exception(std::current_exception());  // a move of the result has thrown
    }
#else
    self->keep(result);
#endif
    r->act(r, fate::destroy);
  }

  void keep(result_of<R>& r) {
    if (r.how == outcome::exception) return promise.set_exception(r.exception);
    if (r.how == outcome::dropped) return promise.set_exception(dropped_exception());
    if (r.how == outcome::nothing) return;  // the promise breaks
    if constexpr (std::is_void_v<R>)
      promise.set_value();
    else
      promise.set_value(r.take());
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace curfew
