// SPDX-License-Identifier: Apache-2.0
// Threads that somebody else has started: a callback of gRPC or Qt, a worker of OpenMP, a std::thread, a pthread. Such
// a thread is foreign to curfew, and the end of the program leaves it alone, until it adopts itself:
//
//     void on_message(const message& m) {                                    // called on the library's own thread
//       const curfew::adoption here = curfew::adopt({.name = "callback"});   // regular: the exit waits for this block
//       store(m);
//     }
//
// What a thread chooses here are the JVM's AttachCurrentThread and AttachCurrentThreadAsDaemon: regular or daemon.
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>
#include <curfew/source.hpp>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>

namespace curfew {
inline namespace v1 {

struct adopt_options {
  /// Reports and debuggers show it while the thread is adopted, as that of `thread_options`. Default: "Thread-N" in
  /// reports, and the OS's name stays. A name that contains a NUL is an error.
  std::string_view name{};
  /// False: the end of the program waits until the thread is released or ends. True: it does not wait, and freezes it.
  bool daemon = false;
  /// The end of the program asks the thread to stop, as it asks a thread whose function takes a token: it looks at
  /// `this_thread::get_stop_token()` or `this_thread::stop_requested()`, and its waits in curfew's objects end then.
  bool takes_stop_token = false;
  /// For daemons, as that of `thread_options`: how long the end waits after it has asked. With more than zero the
  /// daemon is asked even without `takes_stop_token`.
  std::optional<std::chrono::milliseconds> grace{};
  /// Where the thread is adopted, for reports. The compiler fills it in.
  source adopted_at = source::here();
};

class adoption;
CURFEW_API adoption adopt(adopt_options);

/// The calling thread takes part in the end of the program while this lives. Its destructor releases the thread; so
/// does the end of the thread, if that comes first or after `keep()`.
///
/// Thread safety: everything but `get_stop_source` belongs on the adopted thread. Nothing here may be called in a
/// signal handler.
class [[nodiscard]] CURFEW_API adoption {
 public:
  /// Adopts nothing.
  adoption() noexcept = default;
  adoption(adoption&& other) noexcept;
  adoption& operator=(adoption&& other) noexcept;
  adoption(const adoption&) = delete;
  adoption& operator=(const adoption&) = delete;
  /// Releases the thread. On another thread than the adopted one it is `keep()`.
  ~adoption();

  /// The thread is foreign again from here on: the exit neither waits for it nor freezes it, and its name is what it
  /// was. A daemon that is about to be frozen does not return from here. Without an adopted thread it does nothing.
  /// Errors: `std::system_error` with `operation_not_permitted` on another thread.
  void release();
  /// The thread stays adopted until it ends, its `thread_local` destructors and the destructors of pthread keys
  /// included, and this handle adopts nothing any more.
  void keep() noexcept;
  /// True until the thread is released or kept, or has ended.
  [[nodiscard]] explicit operator bool() const noexcept;
  /// By which others can ask the thread to stop, from any thread; without a stop state if nothing is adopted.
  [[nodiscard]] std::stop_source get_stop_source() const noexcept;

 private:
  friend adoption adopt(adopt_options);
  explicit adoption(detail::record* r) noexcept : record_(r) {}

  detail::record* record_ = nullptr;
  bool renamed_ = false;
  char name_before_[16] = {};
};

/// Makes the calling thread, which somebody else has started, a regular thread or a daemon. The exit does not join it,
/// because that is its maker's part: for a regular thread the wait is over when the thread is released or has run its
/// last destructor. Threads that an adopted daemon starts are daemons by default.
///
/// While the exit waits (`phase::draining`) a thread can be adopted as at any other time, and a regular one is waited
/// for. A thread that comes as a daemon in `phase::stopping` or as either in `phase::draining` is asked to stop if it
/// is of those that are asked. In `phase::frozen` it is too late: while the process ends, a thread that wants to be a
/// daemon is frozen in the call, unless it holds a lock; all others get `exit_in_progress`.
///
/// Errors: `std::system_error` with `operation_not_permitted` on the main thread and on a thread that curfew has
/// started, for which the end of the program accounts already; `device_or_resource_busy` if the thread is adopted
/// already; `invalid_argument` for a name that contains a NUL, and for a negative `grace`; `exit_in_progress` as said
/// above.
adoption adopt(adopt_options = {});

}  // namespace v1
}  // namespace curfew
