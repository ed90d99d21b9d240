// SPDX-License-Identifier: Apache-2.0
// curfew/dump.hpp: what is written. When it is written is in dump_later.cpp.
#include "exit/dump.hpp"

#include "exit/hooks.hpp"
#include "exit/probe_thread.hpp"
#include "exit/state.hpp"
#include "os/call_stack.hpp"
#include "os/clock.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/module_table.hpp"
#include "os/small_text.hpp"
#include "os/standard_descriptor.hpp"
#include "os/tasks.hpp"
#include "os/waits.hpp"
#include "registry/registry.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <span>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::milliseconds;
using text = os::small_text<1024>;

/// Far more than are read by people; beyond that they are counted.
constexpr int most_tasks = 8192;
constexpr int most_frames = os::most_frames_asked_for;
constexpr auto answer_limit = milliseconds(100), lock_limit = milliseconds(20), turn_limit = milliseconds(1000);

/// One dump is written at a time, so what it needs is there once. Never destroyed.
struct dump_memory {
  std::atomic<pid_t> writer{0};
  pid_t ids[most_tasks] = {};
  void* frames[most_frames] = {};
  os::module_table modules;
};
constinit dump_memory memory;

/// A copy of what the registry has of a thread.
struct known_thread {
  bool is_known = false;
  bool is_frozen = false;
  std::uint64_t number = 0;
  std::uint64_t joins = 0;
  unsigned shields = 0;
  thread_kind kind = thread_kind::foreign;
  thread_state state = thread_state::running;
  std::chrono::system_clock::time_point started_at{};
  const void* made_by = nullptr;
  os::small_text<128> name;
  os::small_text<256> place;
};

/// The registry's lock, for code that may have interrupted its owner.
class try_registry {
 public:
  explicit try_registry(steady_time until) noexcept {
    os::no_freeze::begin();
    while (!(have_ = registry_mutex.try_acquire()) && os::now_steady() < until)
      os::pause_for(std::chrono::microseconds(100));
    if (!have_) os::no_freeze::end();
  }
  ~try_registry() {
    if (!have_) return;
    registry_mutex.release();
    os::no_freeze::end();
  }
  try_registry(const try_registry&) = delete;
  try_registry& operator=(const try_registry&) = delete;
  explicit operator bool() const noexcept { return have_; }

 private:
  bool have_ = false;
};

void copy_locked(const record& r, known_thread& to) noexcept {
  to.is_known = true;
  to.number = r.number;
  to.kind = r.kind;
  to.is_frozen = r.cell.frozen.load() != 0;
  to.joins = r.joins.load();
  to.shields = r.shields.load();
  to.started_at = r.started_at;
  to.made_by = r.created_at.address;
  to.state = !r.begun.load()           ? thread_state::starting
             : r.stop.stop_requested() ? thread_state::stopping
             : r.waits.load() != 0     ? thread_state::waiting
                                       : thread_state::running;
  if (!r.name.empty())
    to.name.cleaned(r.name);
  else if (r.kind == thread_kind::main)
    to.name << "main";
  else
    to.name << (r.kind == thread_kind::foreign ? "Foreign-" : "Thread-") << r.number;
  if (r.created_at.file != nullptr) to.place << r.created_at.file << ":" << r.created_at.line;
}

/// Where it goes, and until when it may take.
class output {
 public:
  output(int fd, steady_time until) noexcept : fd_(fd), until_(until) {}

  void write(std::string_view words) noexcept {
    if (is_over_) return;
    if (until_ != os::forever && !os::can_be_written(fd_, until_)) {
      is_over_ = true;
      return;
    }
    os::write_all(fd_, words);
  }
  [[nodiscard]] bool is_over() noexcept { return is_over_ = is_over_ || os::now_steady() >= until_; }
  [[nodiscard]] steady_time until(milliseconds most) const noexcept {
    return std::min(until_, os::later(os::now_steady(), most));
  }

 private:
  int fd_;
  steady_time until_;
  bool is_over_ = false;
};

class dump_writer {
 public:
  explicit dump_writer(output& to) noexcept : out_(to) {}

  void write() noexcept {
    memory.modules.read();
    const int listed = os::list_tasks(memory.ids);
    const int count = std::clamp(listed, 0, most_tasks);
    write_begin(listed);
    // The one that was asked by a signal, or that hangs, is the one to be seen first.
    const pid_t self = ::gettid();
    if (!is_helper(self)) write_thread(self);
    for (const pid_t id : std::span(memory.ids, static_cast<std::size_t>(count)))
      if (id != self && !is_helper(id) && !os::is_kernel_worker(id)) write_thread(id);
    write_end(listed - count);
  }

 private:
  void write_begin(int listed) noexcept {
    text line;
    line << "curfew[" << ::getpid() << "]: dump of " << listed << (listed == 1 ? " thread" : " threads") << ", phase "
         << to_string(exit_now.now.load());
    if (const pid_t runner = exit_now.runner.load(); runner != 0) line << ", the exit is run by thread id " << runner;
    if (const char* const hook = running_hook()) (line << ", in the hook ").quoted(hook);
    line << "\n";
    out_.write(line.view());
  }

  void write_end(int left) noexcept {
    text line;
    if (left > 0) line << "and " << left << " more\n";
    if (names_are_missing_) line << "names are missing: the list of threads is in use\n";
    line << "curfew[" << ::getpid() << "]: end of the dump\n";
    out_.write(line.view());
  }

  void write_thread(pid_t id) noexcept {
    known_thread known;
    look_up(id, known);
    text line;
    char buffer[16];
    line << "thread ";
    if (known.is_known)
      line.quoted(known.name.view()) << " (#" << known.number << "), " << to_string(known.kind) << ", "
                                     << (known.is_frozen ? "frozen" : to_string(known.state)) << ", thread id " << id;
    else
      line.quoted(os::name_of_task(id, buffer)) << ", thread id " << id;
    if (known.is_known && known.kind != thread_kind::main)
      line << ", " << std::chrono::nanoseconds(std::chrono::system_clock::now() - known.started_at) << " old";
    if (known.shields != 0) line << ", holds a shield";
    if (!known.place.empty())
      line << ", started at " << known.place.view();
    else if (known.made_by != nullptr)
      append_address(line << ", started at ", known.made_by);
    append_wait(line, id, known);
    line << "\n";
    out_.write(line.view());
    if (!known.is_frozen && !out_.is_over()) write_stack(id);
  }

  void look_up(pid_t id, known_thread& to) noexcept {
    if (names_are_missing_) return;
    const try_registry lock(out_.until(lock_limit));
    if (!lock) {
      names_are_missing_ = true;
      return;
    }
    for (const listed list : {listed::live, listed::ended, listed::unreaped})
      for (const record* r = first_locked(list); r != nullptr && !to.is_known; r = r->next)
        if (r->cell.tid.load() == id) copy_locked(*r, to);
  }

  /// The C library's locks: one that is waited for is 2 and has its owner's id eight bytes behind; pthread_join waits
  /// while the word is the thread's id.
  static void append_wait(text& to, pid_t id, const known_thread& known) noexcept {
    if (known.joins != 0) to << ", joins #" << known.joins - 1;
    os::task_status status;
    if (id == ::gettid() || !os::read_task(id, status)) return;  // the calling thread is in here
    if (status.call < 0) {
      to << (status.state == 'R' ? ", runs" : "");
      return;
    }
    if (const char* const call = os::call_name(status.call))
      to << ", in " << call;
    else
      to << ", in system call " << status.call;
    constexpr std::uint64_t id_bits = 0x3fffffff, awaited_lock = 2;
    if (!os::waits_on_futex(status)) return;
    const std::uint64_t expected = status.arguments[2] & 0xffffffff;
    std::uint32_t owner = 0;
    if (expected != awaited_lock)
      owner = static_cast<std::uint32_t>(expected & id_bits);
    else if (!os::read_own_memory(status.arguments[0] + 8, &owner, sizeof owner))
      owner = 0;
    os::task_status there;
    if (owner > 1 && static_cast<pid_t>(owner) != id && os::read_task(static_cast<pid_t>(owner), there))
      to << ", for thread id " << owner;
  }

  static void append_address(text& to, const void* code) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(code);
    if (const auto* const module = memory.modules.find(address))
      to << module->path << "+" << reinterpret_cast<const void*>(address - module->bias);
    else
      to << code;
  }

  void write_stack(pid_t id) noexcept {
    int count = 0;
    if (id == ::gettid())
      count = os::own_call_stack(memory.frames, most_frames);
    else
      count = os::call_stack_of(id, memory.frames, most_frames, out_.until(answer_limit));
    if (count == 0) out_.write("  it does not answer\n");
    for (int i = 0; i < count && !out_.is_over(); ++i) {
      text line;
      append_address(line << "  ", memory.frames[i]);
      line << "\n";
      out_.write(line.view());
    }
  }

  output& out_;
  bool names_are_missing_ = false;
};

void write_dump(int fd, steady_time until) noexcept {
  const os::errno_keeper keep;
  if (::fcntl(fd, F_GETFD) < 0) return;
  const pid_t self = ::gettid();
  const auto turn_ends = std::min(until, os::later(os::now_steady(), turn_limit));
  pid_t writer = 0;
  while (!memory.writer.compare_exchange_strong(writer, self)) {
    if (writer == self || os::now_steady() >= turn_ends) {
      os::write_all(fd, "curfew: another dump is being written\n");
      return;
    }
    writer = 0;
    os::pause_for(milliseconds(1));
  }
  output to(fd, until);
  dump_writer(to).write();
  memory.writer.store(0);
}

}  // namespace

void write_dump_until(int fd, steady_time until) noexcept { write_dump(fd, until); }

void prepare_dumps() noexcept {
  static constinit std::atomic<bool> done{false};
  initialise();
  if (!done.exchange(true)) os::prepare_freezing();
}

void forget_writer_after_fork() noexcept { memory.writer.store(0); }

}  // namespace detail

void dump(int fd) noexcept {
  const detail::os::errno_keeper keep;  // the first call makes what the others find
  detail::prepare_dumps();
  detail::write_dump(fd, detail::os::forever);
}

}  // namespace curfew::inline v1
