// SPDX-License-Identifier: Apache-2.0
// A callable as a pool keeps it: one cell of memory, that runs once or is dropped.
#pragma once

#include <curfew/detail/call.hpp>
#include <curfew/forward.hpp>

#include <cxxabi.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <future>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {

enum class at_exit : unsigned char;

namespace detail {

enum class fate : bool { run, drop };

/// Lies in front of the callable. `act` runs the callable or does not, and frees the cell either way.
struct task {
  using action = void (*)(task*, fate);

  task(action a, at_exit k) noexcept : act(a), kind(k) {}

  task* next = nullptr;
  action act;
  std::uint64_t number = 0;  ///< its place among those of its pool
  at_exit kind;
};

/// Memory for tasks: small cells are kept and used again, also by other threads.
[[nodiscard]] CURFEW_API void* allocate_cell(std::size_t size, std::size_t align);
CURFEW_API void free_cell(void*, std::size_t size, std::size_t align) noexcept;

/// For a future's shared state.
template <class T>
struct cell_allocator {
  using value_type = T;
  cell_allocator() noexcept = default;
  template <class U>
  explicit cell_allocator(const cell_allocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(allocate_cell(n * sizeof(T), alignof(T))); }
  void deallocate(T* p, std::size_t n) noexcept { free_cell(p, n * sizeof(T), alignof(T)); }
  template <class U>
  bool operator==(const cell_allocator<U>&) const noexcept {
    return true;
  }
};

/// Frees a task's cell, also when its callable throws.
template <class Task>
struct cell_owner {
  Task* cell;
  ~cell_owner() {
    cell->~Task();
    free_cell(cell, sizeof(Task), alignof(Task));
  }
};

template <class Task, class... Args>
Task* make_task(Args&&... args) {
  // A destructor frees it when the arguments throw, because users may build without exceptions.
  struct unused_cell {
    void* memory;
    ~unused_cell() {
      if (memory != nullptr) detail::free_cell(memory, sizeof(Task), alignof(Task));
    }
  } unused{detail::allocate_cell(sizeof(Task), alignof(Task))};
  Task* const made = ::new (unused.memory) Task(std::forward<Args>(args)...);
  unused.memory = nullptr;
  return made;
}

/// A callable with its arguments, decayed copies, called once as rvalues.
template <class F, class... Args>
struct call {
  std::tuple<F, Args...> parts;

  using result = std::invoke_result_t<F, Args...>;

  template <class... Given>
  explicit call(std::in_place_t, Given&&... given) : parts(std::forward<Given>(given)...) {}
  result operator()() {
    return std::apply([](F&& f, Args&&... args) -> result { return detail::invoke(std::move(f), std::move(args)...); },
                      std::move(parts));
  }
};

/// Nobody waits for its result.
template <class Call>
struct posted_task : task {
  Call call;

  template <class... Given>
  explicit posted_task(at_exit k, Given&&... given)
      : task(&act_on, k), call(std::in_place, std::forward<Given>(given)...) {}

  static void act_on(task* t, fate what) {
    const cell_owner<posted_task> end{static_cast<posted_task*>(t)};
    if (what == fate::run) end.cell->call();
  }
};

/// The exception of a future whose task was dropped.
[[nodiscard]] CURFEW_API std::exception_ptr dropped_exception();

/// Its result goes to a future.
template <class Call>
struct submitted_task : task {
  using result = typename Call::result;

  std::promise<result> promise{std::allocator_arg, cell_allocator<char>()};
  union {
    Call call;  ///< gone before the future is ready: what it refers to may be gone with whoever waits for that
  };

  template <class... Given>
  explicit submitted_task(at_exit k, Given&&... given)
      : task(&act_on, k), call(std::in_place, std::forward<Given>(given)...) {}
  submitted_task(const submitted_task&) = delete;
  submitted_task& operator=(const submitted_task&) = delete;
  ~submitted_task() {}  // NOLINT(modernize-use-equals-default): `call` is a call_owner's to destroy

  struct call_owner {
    Call& call;
    ~call_owner() { call.~Call(); }
  };

  static void act_on(task* t, fate what) {
    const cell_owner<submitted_task> end{static_cast<submitted_task*>(t)};
    if (what == fate::drop) {
      { const call_owner dropped{end.cell->call}; }
      return end.cell->promise.set_exception(dropped_exception());
    }
#if !defined(__cpp_exceptions)
    end.cell->fulfil();
#else
    try {
      end.cell->fulfil();
#if defined(__GLIBCXX__)
    } catch (abi::__forced_unwind&) {
      throw;  // pthread_exit: must go on; the promise is broken
#endif
    } catch (...) {
      const auto exception = std::current_exception();
      if (!exception) throw;  // the same, where the runtime has no name for it
      end.cell->promise.set_exception(exception);
    }
#endif
  }

  void fulfil() {
    if constexpr (std::is_void_v<result>) {
      call_once();
      promise.set_value();
    } else {
      result value = call_once();
      promise.set_value(static_cast<result&&>(value));
    }
  }

  result call_once() {
    const call_owner called{call};
    return call();
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace curfew
