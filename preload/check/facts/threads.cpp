// SPDX-License-Identifier: Apache-2.0
#include "check/facts/threads.hpp"

#include "check/facts/exiting.hpp"
#include "check/facts/main_frame.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/fault_signals.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/sleeping.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace curfew::check {

constinit std::atomic<pid_t> watching_thread{0};

namespace {

constinit thread_local int own_index [[gnu::tls_model("initial-exec")]] = -1;
constinit std::atomic<std::uint32_t> next_number{1};
constinit std::atomic<bool> forked{false};
constinit pthread_key_t at_thread_end = 0;

/// Entries of threads that have ended are used again, as long as the exit has not begun.
constinit std::atomic<unsigned> ended_threads{0};
/// Is there an entry of a thread that was only seen in the list?
constinit std::atomic<bool> any_seen_only{false};

int new_entry() noexcept {
  if (record == nullptr) return -1;
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  if (ended_threads.load() > 64 && !exiting()) {
    for (std::uint32_t i = 0; i < count; ++i) {
      auto& entry = record->threads[i];
      std::uint32_t state = entry.state.load();
      if ((state & thread_record::ended) == 0 || entry.pid != ::getpid()) continue;
      if (!entry.state.compare_exchange_strong(state, thread_record::used)) continue;
      ended_threads.fetch_sub(1);
      return static_cast<int>(i);
    }
  }
  const std::uint32_t index = record->thread_count.fetch_add(1);
  if (index >= max_threads) return -1;
  record->threads[index].state.store(thread_record::used);
  return static_cast<int>(index);
}

void fill(thread_record& entry, std::uint32_t number, pid_t tid, int parent) noexcept {
  entry.number = number;
  entry.pid = ::getpid();
  entry.tid = tid;
  entry.parent = parent;
  entry.created_count = 0;
  entry.handle = 0;
  entry.routine = entry.argument = 0;
  entry.started_ns = now_ns();
  entry.ended_ns = 0;
  entry.name[0] = '\0';
}

template <class Match>
int find(Match match) noexcept {
  if (record == nullptr) return -1;
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  for (std::uint32_t i = count; i-- > 0;)
    if (match(record->threads[i])) return static_cast<int>(i);
  return -1;
}

void retire(thread_record& entry) noexcept {
  entry.state.fetch_or(thread_record::ended);
  ended_threads.fetch_add(1);
}

/// Runs late in the thread's life, after its thread_local objects are destroyed.
void note_end(void* value) {
  auto round = reinterpret_cast<std::uintptr_t>(value);
  if (round < 3) {  // let the destructors of other keys come first
    ::pthread_setspecific(at_thread_end, reinterpret_cast<void*>(round + 1));
    return;
  }
  if (own_index < 0 || record == nullptr) return;
  auto& entry = record->threads[own_index];
  ::prctl(PR_GET_NAME, entry.name);
  entry.ended_ns = now_ns();
  retire(entry);
  own_index = -1;
}

struct start {
  void* (*routine)(void*);
  void* argument;
  int index;
  void (*begins)(int index) noexcept;
};

void* begin(void* given) {
  const start what = *static_cast<start*>(given);
  ::free(given);
  own_index = what.index;
  unblock_fault_signals();  // an attribute or the thread that started it may have blocked them
  if (own_index >= 0) {
    what.begins(own_index);
    auto& entry = record->threads[own_index];
    const auto tid = static_cast<pid_t>(kernel_call(SYS_gettid));
    const int seen_before = any_seen_only.load() ? thread_of(tid) : -1;  // it was seen before it came here
    entry.tid = tid;
    entry.handle = ::pthread_self();
    if (seen_before >= 0) retire(record->threads[seen_before]);
    ::pthread_setspecific(at_thread_end, reinterpret_cast<void*>(1));
  }
  return what.routine(what.argument);
}

/// The entry of a thread of the list. One that pthread_create has just started has not written its number yet, and soon
/// will.
int entry_of(pid_t tid) noexcept {
  const pid_t pid = ::getpid();
  const auto unwritten = [&](const thread_record& t) {
    return t.tid == 0 && t.pid == pid && (t.state.load() & thread_record::ended) == 0;
  };
  for (unsigned i = 0; i < 500; ++i) {
    if (const int index = thread_of(tid); index >= 0) return index;
    if (find(unwritten) < 0) break;
    timespec pause{0, 200'000};
    kernel_call(SYS_nanosleep, &pause, nullptr);
  }
  return thread_of(tid);
}

}  // namespace

bool is_main_thread() noexcept { return kernel_call(SYS_gettid) == kernel_call(SYS_getpid); }

void adopt_main_thread() noexcept {
  if (record == nullptr) return;
  ::pthread_key_create(&at_thread_end, &note_end);
  own_index = new_entry();
  if (own_index < 0) return;
  auto& entry = record->threads[own_index];
  fill(entry, 0, ::getpid(), -1);
  entry.handle = ::pthread_self();
}

void adopt_after_fork() noexcept {
  if (record == nullptr) return;
  forked.store(true);
  watching_thread.store(0);
  const int parent = own_index;
  own_index = new_entry();
  next_number.store(1);
  if (own_index < 0) return;
  auto& entry = record->threads[own_index];
  fill(entry, 0, ::getpid(), parent);
  entry.handle = ::pthread_self();
}

bool is_forked_child() noexcept { return forked.load(std::memory_order_relaxed); }

int known_thread() noexcept { return own_index; }

int current_thread() noexcept {
  if (own_index < 0 && record != nullptr) {
    const auto tid = static_cast<pid_t>(kernel_call(SYS_gettid));
    own_index = thread_of(tid);
    if (own_index < 0 && tid != watching_thread.load()) {
      own_index = new_entry();
      if (own_index >= 0) {
        auto& entry = record->threads[own_index];
        fill(entry, next_number.fetch_add(1), tid, -1);
        entry.handle = ::pthread_self();
        entry.state.fetch_or(thread_record::seen_only);
        any_seen_only.store(true);
      }
    }
  }
  return own_index;
}

int thread_of(pid_t tid) noexcept {
  const pid_t pid = ::getpid();
  return find([&](const thread_record& t) {
    return t.tid == tid && t.pid == pid && (t.state.load() & thread_record::ended) == 0;
  });
}

int thread_of(pthread_t handle) noexcept {
  const pid_t pid = ::getpid();
  return find([&](const thread_record& t) { return t.handle == handle && t.pid == pid; });
}

int ended_thread_of(pid_t tid) noexcept {
  const pid_t pid = ::getpid();
  return find([&](const thread_record& t) {
    return t.tid == tid && t.pid == pid && (t.state.load() & thread_record::ended) != 0;
  });
}

int left_behind(pthread_t handle) noexcept {
  if (!forked.load() || thread_of(handle) >= 0) return -1;
  const pid_t pid = ::getpid();
  return find([&](const thread_record& t) { return t.handle == handle && t.pid != pid; });
}

int start_thread(pthread_t* handle, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument,
                 void (*begins)(int index) noexcept) noexcept {
  const int index = new_entry();
  auto* const what = index < 0 ? nullptr : static_cast<start*>(std::malloc(sizeof(start)));
  if (what == nullptr) return real_pthread_create(handle, attributes, routine, argument);
  auto& entry = record->threads[index];
  fill(entry, next_number.fetch_add(1), 0, current_thread());
  entry.routine = reinterpret_cast<std::uint64_t>(routine);
  entry.argument = reinterpret_cast<std::uint64_t>(argument);
  call_stack stack;
  std::uint64_t stack_pointers[call_stack::capacity];
  walk_with_stack_pointers(stack, stack_pointers);
  // Without this function and the one in front of the C library's.
  const unsigned skip = std::min(stack.count, 2U);
  if (is_main_thread()) {
    note_main_frame(stack, stack_pointers);
    std::fill(stack_pointers + stack.count, std::end(stack_pointers), 0);
    note_frames_of_start(index, stack_pointers + skip);
  } else {
    note_foreign_start(index);
  }
  entry.created_count = std::min(stack.count - skip, max_created);
  std::copy_n(stack.frames + skip, entry.created_count, entry.created);
  int detach_state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) ::pthread_attr_getdetachstate(attributes, &detach_state);
  if (detach_state == PTHREAD_CREATE_DETACHED) entry.state.fetch_or(thread_record::detached);
  *what = {routine, argument, index, begins};
  const int error = real_pthread_create(handle, attributes, &begin, what);
  if (error != 0) {
    ::free(what);
    retire(entry);
  } else {
    entry.handle = *handle;
  }
  return error;
}

void adopt_notified_thread(std::uint64_t routine) noexcept {
  const int index = current_thread();
  if (index < 0) return;
  auto& entry = record->threads[index];
  entry.handle = ::pthread_self();
  entry.routine = routine;
  ::pthread_setspecific(at_thread_end, reinterpret_cast<void*>(1));
}

void note_detached(pthread_t handle) noexcept {
  if (const int index = thread_of(handle); index >= 0) record->threads[index].state.fetch_or(thread_record::detached);
}

void note_joined(pthread_t handle) noexcept {
  if (const int index = thread_of(handle); index >= 0) record->threads[index].state.fetch_or(thread_record::joined);
}

void note_name(int index) noexcept {
  if (index < 0 || !is_proc_ours()) return;
  auto& entry = record->threads[index];
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/comm", entry.tid);
  char name[sizeof entry.name + 1];
  const long length = read_small_file(path, name, sizeof entry.name);
  if (length <= 0) return;
  name[length - 1] = '\0';
  std::memcpy(entry.name, name, static_cast<std::size_t>(length));
}

namespace {

/// Where /proc does not say who is there: those that are known.
void for_each_known(void (*each)(pid_t, int, void*), void* argument) noexcept {
  const auto self = static_cast<pid_t>(kernel_call(SYS_gettid));
  const pid_t pid = ::getpid();
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& one = record->threads[i];
    if (one.pid != pid || one.tid <= 0 || one.tid == self || (one.state.load() & thread_record::ended) != 0 ||
        is_ended_main(one.tid) || !is_running(one.tid))
      continue;
    each(one.tid, static_cast<int>(i), argument);
  }
}

}  // namespace

void for_each_other(void (*each)(pid_t, int, void*), void* argument) noexcept {
  if (record != nullptr && !is_proc_ours()) return for_each_known(each, argument);
  const long fd = kernel_call(SYS_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  const auto self = static_cast<pid_t>(kernel_call(SYS_gettid));
  struct entry {
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
  };
  alignas(8) char buffer[2048];
  for (;;) {
    const long got = kernel_call(SYS_getdents64, fd, buffer, sizeof buffer);
    if (got <= 0) break;
    for (long at = 0; at < got;) {
      const auto* const one = reinterpret_cast<const entry*>(buffer + at);
      at += one->length;
      const pid_t tid = std::atoi(buffer + at - one->length + offsetof(entry, name));
      if (tid <= 0 || tid == self || tid == watching_thread.load() || is_ended_main(tid)) continue;
      int index = entry_of(tid);
      if (index < 0) {
        const pid_t pid = ::getpid();
        const auto ending = [&](const thread_record& t) { return t.tid == tid && t.pid == pid; };
        if (find(ending) >= 0) continue;  // all of the program's code has run
        index = new_entry();
        if (index < 0) continue;
        fill(record->threads[index], next_number.fetch_add(1), tid, -1);
        record->threads[index].state.fetch_or(thread_record::seen_only);
        any_seen_only.store(true);
      }
      each(tid, index, argument);
    }
  }
  kernel_call(SYS_close, fd);
}

bool is_alone() noexcept {
  bool others = false;
  for_each_other([](pid_t, int, void* found) { *static_cast<bool*>(found) = true; }, &others);
  return !others;
}

}  // namespace curfew::check
