// SPDX-License-Identifier: Apache-2.0
#include "exit/timeline.hpp"

#include "exit/policy.hpp"
#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/pause.hpp"
#include "os/small_text.hpp"
#include "os/symbols.hpp"
#include "report/json_text.hpp"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>

namespace curfew::inline v1::detail {
namespace {

/// Written by the exiting thread, and in the end by whoever ends the process.
struct {
  std::atomic<int> descriptor{-1};
  std::atomic<bool> busy{false};
  std::atomic<bool> is_child{false};
  pid_t exiting = 0;
  unsigned depth = 0;  ///< how many events on the exiting thread's track have begun and not ended
  bool is_empty = true;
  steady_time began{};
} constinit timeline;
// Beside it, because they begin as zeros: a program's file has no place for those.
constinit os::small_text<4096> waiting_text;  // to be written
constinit os::small_text<PATH_MAX> file_path;

void complain(int error) noexcept {
  os::small_text<512> line;
  (line << "curfew: no timeline in ").quoted(file_path.view().substr(0, 300)) << ": ";
  if (const char* const text = os::error_text(error))
    line << text;
  else
    line << "error " << error;
  report_line(line.view());
}

void write_waiting() noexcept {
  const int fd = timeline.descriptor.load();
  if (fd < 0 || waiting_text.empty()) return;
  const int error = os::write_all(fd, waiting_text.view());
  waiting_text.clear();
  if (error == 0) return;
  timeline.descriptor.store(-1);
  ::close(fd);
  complain(error);
}

/// One writer at a time, and only while a file is open. A writer that has crashed, or is frozen in here, is not waited
/// for long.
class writing {
 public:
  writing() noexcept {
    if (timeline.descriptor.load() < 0) return;
    for (int tries = 0; timeline.busy.exchange(true); ++tries) {
      if (tries == 100) return;
      os::pause_for(std::chrono::microseconds(200));
    }
    is_ours_ = true;
  }
  ~writing() {
    if (is_ours_) timeline.busy.store(false);
  }
  writing(const writing&) = delete;
  writing& operator=(const writing&) = delete;
  explicit operator bool() const noexcept { return is_ours_; }

 private:
  const os::errno_keeper keep_;
  bool is_ours_ = false;
};

/// Room for the longest name and place, each of their bytes escaped.
using event_text = os::small_text<2600>;
constexpr std::size_t longest_name = 128, longest_place = 200, longest_reason = 250;

void append_time(event_text& to, steady_time time) noexcept {
  const auto ns = time.time_since_epoch().count();
  to << ns / 1000 << "." << ns / 100 % 10 << ns / 10 % 10 << ns % 10;
}

/// Until the arguments; `finish` adds what is missing.
event_text event(char phase, pid_t track, steady_time time, std::string_view category, std::string_view name) noexcept {
  event_text text;
  text << R"({"ph":")" << std::string_view(&phase, 1) << R"(","pid":)" << ::getpid() << R"(,"tid":)" << track
       << R"(,"ts":)";
  append_time(text, time);
  if (!category.empty()) text << R"(,"cat":")" << category << "\"";
  if (!name.empty()) append_json(text << R"(,"name":)", name.substr(0, longest_name));
  return text;
}

void put(const event_text& text) noexcept {
  if (waiting_text.view().size() + text.view().size() + 8 > 4096) write_waiting();
  waiting_text << std::string_view(timeline.is_empty ? "[\n" : ",\n") << text.view() << "}";
  timeline.is_empty = false;
}

void end_inner(unsigned depth) noexcept {
  for (; timeline.depth > depth; --timeline.depth) put(event('E', timeline.exiting, os::now_steady(), {}, {}));
}

void name_track(pid_t track, std::string_view what, std::string_view name, std::uint64_t number) noexcept {
  event_text text;
  text << R"({"ph":"M","pid":)" << ::getpid() << R"(,"tid":)" << track << R"(,"name":")" << what << R"(","args":{)";
  append_json(text << R"("name":)", name.substr(0, longest_name));
  if (number != 0) text << R"(,"number":)" << number;
  text << "}";
  put(text);
}

void append_arguments(event_text& to, const thread_info& thread) noexcept {
  to << R"(,"args":{"kind":")" << to_string(thread.kind) << "\"";
  const source from = thread.created_at;
  if (from.file != nullptr) {
    os::small_text<longest_place> place;
    place << from.file << ":" << from.line;
    append_json(to << R"(,"started at":)", place.view());
  }
  to << "}";
}

bool make_path(std::string_view pattern) noexcept {
  file_path.clear();
  bool is_of_process = false;
  std::size_t length = 0;
  for (std::size_t at; (at = pattern.find('%')) != std::string_view::npos && at + 1 < pattern.size();) {
    file_path << pattern.substr(0, at);
    if (pattern[at + 1] == 'p') {
      file_path << ::getpid();
      is_of_process = true;
    } else {
      file_path << pattern.substr(at, pattern[at + 1] == '%' ? 1 : 2);
    }
    pattern.remove_prefix(at + 2);
    length = file_path.view().size();
  }
  file_path << pattern;
  if (file_path.view().size() - length != pattern.size()) return complain(ENAMETOOLONG), false;
  return is_of_process || !timeline.is_child.load();
}

}  // namespace

void begin_timeline(const exit_options& options, steady_time began) noexcept {
  if (options.timeline.empty() || timeline.descriptor.load() >= 0) return;
  const os::errno_keeper keep;
  if (!make_path(options.timeline)) return;
  const int fd = ::open(file_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
  if (fd < 0) return complain(errno);
  timeline.exiting = ::gettid();
  timeline.depth = 0;
  timeline.is_empty = true;
  timeline.began = began;
  waiting_text.clear();
  timeline.descriptor.store(fd);
  const writing now;
  if (!now) return;
  name_track(timeline.exiting, "process_name", ::program_invocation_short_name, 0);
  name_track(timeline.exiting, "thread_name", "exit", 0);
  write_waiting();
}

bool timeline_is_open() noexcept { return timeline.descriptor.load() >= 0; }

void begin_timeline_part(std::string_view name) noexcept {
  const writing now;
  if (!now) return;
  end_inner(0);
  put(event('B', timeline.exiting, os::now_steady(), "exit", name));
  ++timeline.depth;
  write_waiting();
}

void end_timeline_part() noexcept {
  const writing now;
  if (!now) return;
  end_inner(0);
  write_waiting();
}

void begin_timeline_step(std::string_view category, std::string_view name) noexcept {
  const writing now;
  if (!now) return;
  put(event('B', timeline.exiting, os::now_steady(), category, name));
  ++timeline.depth;
  write_waiting();
}

void end_timeline_step() noexcept {
  const writing now;
  if (now && timeline.depth > 1) end_inner(timeline.depth - 1);
}

void timeline_waits_for(const thread_info& thread, steady_time since) noexcept {
  const writing now;
  if (!now) return;
  name_track(thread.native_id, "thread_name", thread.name, thread.number);
  event_text text = event('B', thread.native_id, since, "thread", "is waited for");
  append_arguments(text, thread);
  put(text);
}

void timeline_has_gone(pid_t thread) noexcept {
  const writing now;
  if (now) put(event('E', thread, os::now_steady(), {}, {}));
}

void flush_timeline() noexcept {
  const writing now;
  if (now) write_waiting();
}

void timeline_is_frozen(const thread_info& thread) noexcept {
  const writing now;
  if (!now) return;
  const auto time = os::now_steady();
  name_track(thread.native_id, "thread_name", thread.name, thread.number);
  event_text text = event('X', thread.native_id, timeline.began, "thread", "runs");
  text << R"(,"dur":)" << std::chrono::duration_cast<std::chrono::microseconds>(time - timeline.began).count();
  append_arguments(text, thread);
  put(text);
  put(event('B', thread.native_id, time, "thread", "is frozen"));
}

void end_timeline(int status, std::string_view why) noexcept {
  const writing now;
  if (!now) return;
  end_inner(0);
  event_text text = event('i', timeline.exiting, os::now_steady(), "exit", "the process ends");
  text << R"(,"s":"p","args":{)";
  if (status >= 0) text << R"("status":)" << status;
  if (!why.empty()) append_json(text << (status >= 0 ? "," : "") << R"("why":)", why.substr(0, longest_reason));
  text << "}";
  put(text);
  waiting_text << "\n]\n";
  write_waiting();
  if (const int fd = timeline.descriptor.exchange(-1); fd >= 0) ::close(fd);
}

void forget_timeline_after_fork() noexcept {
  timeline.is_child.store(true);
  timeline.busy.store(false);
  waiting_text.clear();
  if (const int fd = timeline.descriptor.exchange(-1); fd >= 0) ::close(fd);
}

}  // namespace curfew::inline v1::detail
