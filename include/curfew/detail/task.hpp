// SPDX-License-Identifier: Apache-2.0
// A callable as a pool keeps it: one cell of memory, that runs once or is dropped.
#pragma once

#include <curfew/detail/call.hpp>
#include <curfew/forward.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {

enum class at_exit : unsigned char;

namespace detail {

/// `destroy`: only of a task with a result, once it has ended and nobody wants the result any more.
enum class fate : unsigned char { run, drop, destroy };

/// Lies in front of the callable. `act` runs the callable or does not, and frees the cell either way, unless somebody
/// wants the result.
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

}  // namespace detail
}  // namespace v1
}  // namespace curfew
