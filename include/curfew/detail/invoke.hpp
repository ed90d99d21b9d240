// SPDX-License-Identifier: Apache-2.0
// From a callable and its arguments to a running thread: the part that has to
// be in a header.
#pragma once

#include <curfew/detail/call.hpp>
#include <curfew/forward.hpp>

#include <cstddef>
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
  if_needed,    ///< only if it cannot be called without: std::thread's callers
                ///< keep their meaning
  if_possible,  ///< std::jthread's rule
};

/// Whose thread it is: who takes the exception that leaves the function, and whether a destructor will ask it to stop.
enum class owner : unsigned char { handle, asking_handle, scope };

/// How to use the callable that lies behind a record.
struct payload_operations {
  void (*run)(void* payload, std::stop_token&&);
  void (*destroy)(void* payload) noexcept;
  bool takes_token;
};

/// A record, with room for a payload behind it, that nobody has heard of yet.
/// Throws what options can be wrong in.
CURFEW_API record* prepare(const thread_options&, owner, std::size_t payload_size, std::size_t payload_align);
CURFEW_API void* payload_of(record*) noexcept;
/// Takes back `prepare`; there is no payload.
CURFEW_API void discard(record*) noexcept;
/// Starts the thread. Throws when the system has none left; payload and record
/// are then gone. Its return address says where the thread was made, and which
/// module's code it needs.
CURFEW_API void launch(record*, const payload_operations&, const void* function);

/// Where among its arguments a callable is given the token.
enum class place { nowhere, first, after_object };

template <class F, class... Args>
inline constexpr bool token_after_object = false;
/// A pointer to a member function that takes a token: `jthread t(&worker::run,
/// &w);`. libstdc++'s std::jthread has it.
template <class F, class Object, class... Args>
requires std::is_member_function_pointer_v<F>
inline constexpr bool token_after_object<F, Object, Args...> = std::is_invocable_v<F, Object, std::stop_token, Args...>;

template <class F, class... Args>
constexpr place place_with_token() {
  if constexpr (token_after_object<F, Args...>)
    return place::after_object;
  else if constexpr (std::is_invocable_v<F, std::stop_token, Args...>)
    return place::first;
  else {
    static_assert(std::is_invocable_v<F, Args...>,
                  "the callable cannot be called with these arguments, once they "
                  "are copied as rvalues");
    return place::nowhere;
  }
}

/// Asks one thing at a time: to ask whether a generic lambda can be called
/// compiles its body, which may be an error.
template <token Rule, class F, class... Args>
constexpr place place_of_token() {
  if constexpr (Rule == token::if_needed) {
    if constexpr (std::is_invocable_v<F, Args...>)
      return place::nowhere;
    else
      return place_with_token<F, Args...>();
  } else {
    return place_with_token<F, Args...>();
  }
}

/// Decayed copies, called once as rvalues.
template <place Token, class F, class... Args>
struct payload {
  std::tuple<F, Args...> parts;

  template <class... Given>
  explicit payload(Given&&... given) : parts(std::forward<Given>(given)...) {}

  static void run(void* self, std::stop_token&& stop) {
    std::apply(
        [&](F&& f, Args&&... args) {
          if constexpr (Token == place::nowhere)
            static_cast<void>(detail::invoke(std::move(f), std::move(args)...));
          else if constexpr (Token == place::first)
            static_cast<void>(detail::invoke(std::move(f), std::move(stop), std::move(args)...));
          else
            [&](auto&& object, auto&&... others) {
              static_cast<void>(detail::invoke(std::move(f), std::forward<decltype(object)>(object), std::move(stop),
                                               std::forward<decltype(others)>(others)...));
            }(std::move(args)...);
        },
        std::move(static_cast<payload*>(self)->parts));
  }
  static void destroy(void* self) noexcept { static_cast<payload*>(self)->~payload(); }
  static constexpr payload_operations operations{&run, &destroy, Token != place::nowhere};
};

/// The address of a function pointer's code: it may lie in another module than
/// the caller.
template <class F>
const void* code_of(const F& f) noexcept {
  if constexpr (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>)
    return reinterpret_cast<const void*>(f);
  else
    return nullptr;
}

/// Discards the record unless it is taken out before. A destructor, because users may build without exceptions.
struct unused_record {
  record* r;
  ~unused_record() {
    if (r != nullptr) detail::discard(r);
  }
};

// Always inlined, with the constructors that call it, so that `launch` returns
// into the user's own function.
template <token Rule, class F, class... Args>
[[gnu::always_inline]] inline record* start(const thread_options& options, owner who, F&& f, Args&&... args) {
  using P =
      payload<place_of_token<Rule, std::decay_t<F>, std::decay_t<Args>...>(), std::decay_t<F>, std::decay_t<Args>...>;
  // The calls are qualified: looking names up by the arguments would need the
  // types they point to to be complete.
  record* const r = detail::prepare(options, who, sizeof(P), alignof(P));
  unused_record without_payload{r};
  P* const p = ::new (detail::payload_of(r)) P(std::forward<F>(f), std::forward<Args>(args)...);
  without_payload.r = nullptr;
  detail::launch(r, P::operations, detail::code_of(std::get<0>(p->parts)));
  return r;
}

}  // namespace detail
}  // namespace v1
}  // namespace curfew
