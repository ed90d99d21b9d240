// SPDX-License-Identifier: Apache-2.0
// Two halves of a task's work, of which another worker may take the second. A half lies on the stack of who made it,
// who does not leave before it is done: nothing is allocated.
#pragma once

#include <curfew/forward.hpp>

#include <cxxabi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace detail {

struct pool_state;
struct fork_place;

/// The second half. `run` is called by whoever took it, and throws nothing; pthread_exit in it goes on.
/// Aligned so that its address has room for what `fork_deque` keeps beside it.
struct alignas(32) half {
  explicit half(void (*r)(half*)) noexcept : run(r) {}

  void (*run)(half*);
  fork_place* place = nullptr;       ///< where it is offered; null: nowhere
  std::int64_t index = 0;            ///< in the place
  bool claimed = false;              ///< the place was claimed for it and is given back with it
  unsigned char root = 0;            ///< of which call from outside it has come
  std::atomic<std::uint32_t> state;  ///< set when it is offered
  std::atomic<std::uint64_t> taker;  ///< 1 + the number of the thread that does it; 0: nobody, or not known yet
};

/// Offers it to the pool's workers; false when there is no place to: run it yourself.
CURFEW_API bool offer(pool_state&, half&) noexcept;
/// Takes it back: true when nobody took it. Otherwise waits until it is done, and does other halves meanwhile: a worker
/// anybody's, a thread from outside what has come of its own call.
CURFEW_API bool take_back(pool_state&, half&);
/// The same without doing others' halves: for a thread that unwinds.
CURFEW_API void withdraw(half&) noexcept;
/// Of a half that was not done because it ended its thread: a broken promise.
[[nodiscard]] CURFEW_API std::exception_ptr broken_exception() noexcept;

template <class G>
struct half_of : half {
  G& call;
  std::exception_ptr exception;

  explicit half_of(G& g) noexcept : half(&run_it), call(g) {}

  static void run_it(half* h) {
    auto& self = *static_cast<half_of*>(h);
#if defined(__cpp_exceptions)
    try {
      self.call();
#if defined(__GLIBCXX__)
    } catch (abi::__forced_unwind&) {
      self.exception = broken_exception();
      throw;  // pthread_exit: must go on
#endif
    } catch (...) {
      self.exception = std::current_exception();
      if (self.exception) return;
      self.exception = broken_exception();
      throw;  // the same, where the runtime has no name for it
    }
#else
    self.call();
#endif
  }
};

/// Calls both, perhaps at the same time. When `f` throws, a `g` that has not begun is not called.
template <class F, class G>
void both(pool_state& pool, F&& f, G&& g) {
  half_of<std::remove_reference_t<G>> second(g);
  if (!detail::offer(pool, second)) {
    f();
    g();
    return;
  }
  struct taker {
    half* second;
    ~taker() {
      if (second != nullptr) detail::withdraw(*second);  // `f` has thrown
    }
  } taken{&second};
  f();
  taken.second = nullptr;
  if (detail::take_back(pool, second))
    g();
  else if (second.exception)
    std::rethrow_exception(second.exception);
}

/// Calls `body(first, last)` for parts of [first, last) of at most `grain`.
template <class Body>
void in_parts(pool_state& pool, std::size_t first, std::size_t last, std::size_t grain, Body& body) {
  if (last - first <= grain) return body(first, last);
  const std::size_t middle = first + (last - first) / 2;
  detail::both(
      pool, [&] { detail::in_parts(pool, first, middle, grain, body); },
      [&] { detail::in_parts(pool, middle, last, grain, body); });
}

/// How many items make a part: some parts for each worker, so that none is left idle by uneven ones.
[[nodiscard]] CURFEW_API std::size_t part_size(const pool_state&, std::size_t items) noexcept;

}  // namespace detail
}  // namespace v1
}  // namespace curfew
