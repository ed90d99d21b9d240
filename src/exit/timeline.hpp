// SPDX-License-Identifier: Apache-2.0
// The exit as it went, for exit_options::timeline: events in Chrome's trace format (a JSON array), which Perfetto,
// chrome://tracing and `curfew timeline` open. The file can be read at any moment, because the format lets the closing
// bracket be missing: a process that is killed leaves what has happened until then.
//
// The exiting thread has a track for the parts of the exit; each thread that is waited for or frozen has one of its
// own. All of these functions do nothing while no timeline is being written. They allocate nothing, and keep errno.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/exit.hpp>

#include <sys/types.h>

#include <string_view>

namespace curfew::inline v1::detail {

/// Opens the file that the options name, if they do and none is open. A file that cannot be opened is named on stderr.
/// `began`: when the exit did.
void begin_timeline(const exit_options&, steady_time began) noexcept;
bool timeline_is_open() noexcept;

/// A part of the exit begins, on the track of the exiting thread; the one before it, and all inside it, are over.
void begin_timeline_part(std::string_view name) noexcept;
void end_timeline_part() noexcept;
/// Inside a part: a hook, for example.
void begin_timeline_step(std::string_view category, std::string_view name) noexcept;
void end_timeline_step() noexcept;

/// The exit has waited for this thread from `since` on.
void timeline_waits_for(const thread_info&, steady_time since) noexcept;
/// Not any more.
void timeline_has_gone(pid_t) noexcept;
/// What has been told so far can be read from now on.
void flush_timeline() noexcept;
/// Has run since the exit began, and is frozen now.
void timeline_is_frozen(const thread_info&) noexcept;

/// The process is about to be gone, with this status if it is not negative. Nothing is written afterwards.
void end_timeline(int status, std::string_view why) noexcept;

/// The file is the parent's: a child writes one only if its name has a place for the process's id.
void forget_timeline_after_fork() noexcept;

}  // namespace curfew::inline v1::detail
