// SPDX-License-Identifier: Apache-2.0
// What curfew knows about threads. All answers are copies: they keep no thread alive, and do not change under the
// reader. Any thread may call these functions, but no signal handler may.
#pragma once

#include <curfew/forward.hpp>
#include <curfew/source.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace curfew {
inline namespace v1 {

/// What a thread is to the end of the program.
enum class thread_kind : unsigned char {
  main,     ///< the thread that runs `main` (in a forked child: the thread that forked)
  regular,  ///< started by curfew, or adopted; the end of the program waits for it
  daemon,   ///< started by curfew, or adopted; the end of the program does not wait for it
  foreign,  ///< not started by curfew, and not adopted; known because it asked curfew something
};

/// Where a thread is in its life.
///
/// | state      | meaning |
/// |------------|---------|
/// | `starting` | it has been made, and its function has not begun |
/// | `running`  | its function runs |
/// | `waiting`  | it is inside a wait of curfew: a join, `sleep_for`, `wait_for_exit`, or one of `sync.hpp` |
/// | `stopping` | it has been asked to stop and has not ended |
/// | `ended`    | its function and its `thread_local` destructors have ended |
enum class thread_state : unsigned char { starting, running, waiting, stopping, ended };

[[nodiscard]] CURFEW_API const char* to_string(thread_kind) noexcept;
[[nodiscard]] CURFEW_API const char* to_string(thread_state) noexcept;

/// What curfew knows about one thread at one moment.
struct thread_info {
  std::uint64_t number = 0;  ///< 0 is the main thread; never used twice in a process
  std::string name;          ///< whole, however little of it the OS shows
  thread_kind kind = thread_kind::foreign;
  bool daemon = false;
  thread_state state = thread_state::ended;
  pid_t native_id = 0;                                 ///< the kernel's thread id; 0 until the thread runs
  std::uint64_t parent = 0;                            ///< the number of the thread that started it; its own for main
  std::chrono::system_clock::time_point started_at{};  ///< when it was made
  source created_at{};                                 ///< where it was made
  bool takes_stop_token = false;                       ///< its function takes a `std::stop_token`
  bool adopted = false;                                ///< started by somebody else; `created_at`: where it was adopted
};

/// How many threads there are and have been. The main thread, and foreign threads that have an entry, count as live;
/// `started` counts the threads that curfew has started.
struct thread_counts {
  std::size_t live = 0;
  std::size_t daemon = 0;
  std::size_t peak = 0;
  std::uint64_t started = 0;
};

/// Returns how many threads that curfew knows have not ended, including the main thread.
[[nodiscard]] CURFEW_API std::size_t active_count() noexcept;

[[nodiscard]] CURFEW_API thread_counts counts() noexcept;

/// Returns the calling thread. A foreign thread that asks gets an entry named "Foreign-N", which goes away when the
/// thread ends.
[[nodiscard]] CURFEW_API thread_info current();

/// Returns the main thread; in a forked child, the thread that forked.
[[nodiscard]] CURFEW_API thread_info main_thread();

/// Returns the live thread with this name (the one that was started first if there are several), or nothing.
[[nodiscard]] CURFEW_API std::optional<thread_info> find(std::string_view name);

/// Waits until the main thread has done its part, that is, until the end of the program has begun to wait for regular
/// threads. (Python: `threading.main_thread().join()`.)
/// Errors: `std::system_error` with `resource_deadlock_would_occur` on the main thread, and on the thread that runs the
/// exit.
CURFEW_API void join_main_thread();

}  // namespace v1
}  // namespace curfew
