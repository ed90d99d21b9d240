// SPDX-License-Identifier: Apache-2.0
#include "check/exit/blocked.hpp"

#include "check/exit/held_resources.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/loaded_symbols.hpp"
#include "check/linux/safe_read.hpp"
#include "check/memory/pages.hpp"
#include "check/memory/waits.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>

namespace curfew::check {
namespace {

constinit std::atomic<int> final_status{0};

std::uint64_t word_at(std::uint64_t address) noexcept {
  std::uint64_t value = 0;
  read_safely(address, &value, sizeof value);
  return value;
}

int owner_at(std::uint64_t address) noexcept {
  const auto owner = static_cast<pid_t>(word_at(address));
  if (owner <= 1) return -1;
  // One that was cancelled, or has just ended, may have kept it.
  const int running = thread_of(owner);
  return running >= 0 ? running : ended_thread_of(owner);
}

/// Who has what the thread waits for, where the C library notes it down: the thread that is joined, the lock's owner.
int awaited_thread(const sleeping& in, const wait_facts& wait) noexcept {
  if (wait.kind == wait_kind::mutex) return owner_at(wait.object + offsetof(pthread_mutex_t, __data.__owner));
  if (wait.kind == wait_kind::read_lock || wait.kind == wait_kind::write_lock)
    return owner_at(wait.object + offsetof(pthread_rwlock_t, __data.__cur_writer));
  if (wait.kind != wait_kind::none || in.call != SYS_futex) return -1;
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& thread = record->threads[i];
    // The kernel clears a word inside the thread's own record when it ends.
    if (thread.handle != 0 && in.first_argument >= thread.handle && in.first_argument < thread.handle + 0x900)
      return static_cast<int>(i);
  }
  return owner_at(in.first_argument + offsetof(pthread_mutex_t, __data.__owner));
}

constinit sigjmp_buf flush_end{};

/// One of the streams may be held for ever.
template <class Flush>
void flush_within_limit(Flush flush) noexcept {
  if (sigsetjmp(flush_end, 1) == 0) {
    set_alarm(200, [](void*) { siglongjmp(flush_end, 1); });
    flush();
  }
  set_alarm(0, nullptr);
}

[[noreturn]] void end_by_force() noexcept {
  if (stack_signal() != 0) {
    flush_within_limit([] { std::fflush(stdout); });
    flush_within_limit([] { std::fflush(stderr); });
    flush_within_limit([] {
      void* const stream = any_symbol("_ZSt4cout");
      auto* const flush = reinterpret_cast<void* (*)(void*)>(any_symbol("_ZNSo5flushEv"));
      // One that nobody has constructed has nothing in its first word.
      if (stream != nullptr && flush != nullptr && word_at(reinterpret_cast<std::uint64_t>(stream)) != 0) flush(stream);
    });
    flush_within_limit([] { std::fflush(nullptr); });
  }
  kernel_call(SYS_exit_group, final_status.load());
  __builtin_unreachable();
}

}  // namespace

void name_what_is_awaited(sleeping& in, bool& sleeps, const wait_facts& wait) noexcept {
  if (wait.kind == wait_kind::none || wait.kind == wait_kind::forever || (!wait.parked && in.call != SYS_futex)) return;
  sleeps = true;
  in.call = SYS_futex;
  in.first_argument = wait.object;
}

void set_status_by_force(int status) noexcept { final_status.store(status); }

unsigned early_patience() noexcept { return std::min(settings.patience_ms, 5000U); }

void report_early(void* context) noexcept {
  call_stack stack;
  walk(stack, context);
  emit(exit_blocked{.call = SYS_futex, .ms = early_patience(), .holder = -1}, current_thread(), stack);
  end_by_force();
}

namespace {

/// Of the file that a thread waits at, as text: what /proc says of its descriptor.
text_place describe_descriptor(const sleeping& in) noexcept {
  switch (in.call) {
    case SYS_read:
    case SYS_write:
    case SYS_readv:
    case SYS_writev:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_flock:
    case SYS_fcntl:
      break;
    default:
      return {};
  }
  char path[64], text[256];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", static_cast<int>(in.first_argument));
  const long length = kernel_call(SYS_readlinkat, AT_FDCWD, path, text, sizeof text);
  return length <= 0 ? text_place{} : add_text(text, static_cast<std::size_t>(length));
}

template <class Event>
void emit_blocked(pid_t tid, int index, std::uint64_t ms) noexcept {
  sleeping in;
  bool sleeps = asleep(tid, in);
  const wait_facts wait = wait_of(index);
  call_stack stack;
  const bool answers = index < 0 || (record->threads[index].state.load() & thread_record::crashed) == 0;
  if (answers) walk_other(tid, stack, 100);
  if (stack.count == 0 && sleeps) {
    stack.frames[0] = in.pc;
    stack.count = 1;
  }
  name_what_is_awaited(in, sleeps, wait);
  note_name(index);
  emit(Event{.call = sleeps ? static_cast<std::uint64_t>(in.call) : no_call,
             .object = in.first_argument,
             .ms = ms,
             .file = sleeps ? describe_descriptor(in) : text_place{},
             .holder = sleeps ? awaited_thread(in, wait) : -1,
             .wait = wait.kind},
       index, stack);
}

}  // namespace

void report_blocked(pid_t tid, std::uint64_t ms) noexcept {
  // Who is interrupted in a wait begins it again, and the kernel refuses a word on a closed page.
  open_everything();
  record_maps();
  emit_blocked<exit_blocked>(tid, thread_of(tid), ms);
  for_each_other(
      [](pid_t other, int index, void* blocked) {
        if (other != *static_cast<pid_t*>(blocked)) emit_blocked<thread_blocked>(other, index, 0);
      },
      &tid);
  if (exiting()) look_at_held_resources();
  end_by_force();
}

void report_left_behind(pid_t tid, const exit_left_behind& what) noexcept {
  open_everything();
  record_maps();
  call_stack stack;
  walk_other(tid, stack, 100);
  emit(what, thread_of(tid), stack);
  end_by_force();
}

}  // namespace curfew::check
