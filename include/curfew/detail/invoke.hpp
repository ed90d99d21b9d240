// SPDX-License-Identifier: Apache-2.0
// From a callable and its arguments to a running thread: the part that has to be in a header.
#pragma once

#include <curfew/forward.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace detail {

/// When a callable is given its thread's stop token.
enum class token {
  if_needed,    ///< only if it cannot be called without: std::thread's callers keep their meaning
  if_possible,  ///< std::jthread's rule
};

/// Who takes the exception that leaves the function.
enum class owner : bool { handle, scope };

/// How to use the callable that lies behind a record.
struct payload_operations {
  void (*run)(void* payload, std::stop_token&&);
  void (*destroy)(void* payload) noexcept;
  bool takes_token;
};

/// A record, with room for a payload behind it, that nobody has heard of yet. Throws what options can be wrong in.
CURFEW_API record* prepare(const thread_options&, owner, std::size_t payload_size, std::size_t payload_align);
CURFEW_API void* payload_of(record*) noexcept;
/// Takes back `prepare`; there is no payload.
CURFEW_API void discard(record*) noexcept;
/// Starts the thread. Throws when there is none to be had; payload and record are then gone.
/// Its return address says where the thread was made, and which module's code it needs.
CURFEW_API void launch(record*, const payload_operations&, const void* function);

template <token Rule, class F, class... Args>
constexpr bool takes_token() {
  constexpr bool with = std::is_invocable_v<F, std::stop_token, Args...>;
  constexpr bool without = std::is_invocable_v<F, Args...>;
  static_assert(with || without, "the callable cannot be called with these arguments, once they are copied as rvalues");
  return Rule == token::if_possible ? with : !without;
}

/// Decayed copies, called once as rvalues.
template <bool TakesToken, class F, class... Args>
struct payload {
  std::tuple<F, Args...> parts;

  template <class... Given>
  explicit payload(Given&&... given) : parts(std::forward<Given>(given)...) {}

  static void run(void* self, std::stop_token&& stop) {
    std::apply(
        [&](F&& f, Args&&... args) {
          if constexpr (TakesToken)
            std::invoke(std::move(f), std::move(stop), std::move(args)...);
          else
            std::invoke(std::move(f), std::move(args)...);
        },
        std::move(static_cast<payload*>(self)->parts));
  }
  static void destroy(void* self) noexcept { std::destroy_at(static_cast<payload*>(self)); }
  static constexpr payload_operations operations{&run, &destroy, TakesToken};
};

/// The address of a function pointer's code: it may lie in another module than the caller.
template <class F>
const void* code_of(const F& f) noexcept {
  if constexpr (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>)
    return reinterpret_cast<const void*>(f);
  else
    return nullptr;
}

// Always inlined, with the constructors that call it, so that `launch` returns into the user's own function.
template <token Rule, class F, class... Args>
[[gnu::always_inline]] inline record* start(const thread_options& options, owner who, F&& f, Args&&... args) {
  using P =
      payload<takes_token<Rule, std::decay_t<F>, std::decay_t<Args>...>(), std::decay_t<F>, std::decay_t<Args>...>;
  record* const r = prepare(options, who, sizeof(P), alignof(P));
  P* p;
  try {
    p = ::new (payload_of(r)) P(std::forward<F>(f), std::forward<Args>(args)...);
  } catch (...) {
    discard(r);
    throw;
  }
  launch(r, P::operations, code_of(std::get<0>(p->parts)));
  return r;
}

}  // namespace detail
}  // namespace v1
}  // namespace curfew
