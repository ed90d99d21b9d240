// SPDX-License-Identifier: Apache-2.0
#include "dump/waits.hpp"

#include "dump/calls.hpp"
#include "dump/descriptors.hpp"

#include <linux/futex.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace curfew::tool::dump {
namespace {

constexpr std::uint32_t id_bits = 0x3fffffff;

struct known_function {
  std::string_view name;
  const char* kind;
};
/// Functions that wait, without leading underscores and with whatever follows these words: each C library has its own
/// names for their insides.
constexpr known_function functions[] = {
    {"pthread_mutex_", "mutex"},
    {"mtx_", "mutex"},
    {"pthread_rwlock_", "rwlock"},
    {"pthread_join", "join"},
    {"pthread_clockjoin", "join"},
    {"pthread_timedjoin", "join"},
    {"thrd_join", "join"},
    {"pthread_cond_", "condition"},
    {"cnd_", "condition"},
    {"sem_", "semaphore"},
    {"new_sem_", "semaphore"},
    {"pthread_barrier_", "barrier"},
    {"pthread_once", "once"},
    {"call_once", "once"},
    {"cxa_guard_acquire", "static"},
    {"IO_", "stream"},
    {"flockfile", "stream"},
    {"fflush", "stream"},
    {"std::__atomic_futex", "future"},
    {"std::__detail::__platform_wait", "atomic"},
    {"std::__detail::__wait", "atomic"},
    {"std::__atomic_wait", "atomic"},
    {"std::__1::__libcpp_atomic_wait", "atomic"},
    {"libc_malloc", "lock"},
    {"malloc", "lock"},
    {"free", "lock"},
};

std::string_view without_underscores(std::string_view name) {
  if (name.starts_with("std::")) return name;
  const auto first = name.find_first_not_of('_');
  return first == std::string_view::npos ? name : name.substr(first);
}

const char* kind_of_function(std::string_view name) {
  name = without_underscores(name);
  for (const auto& one : functions)
    if (name.starts_with(one.name)) return one.kind;
  return nullptr;
}

bool is_of_a_library(const frame& one) {
  constexpr std::string_view modules[] = {"libc.", "libc-",     "libpthread", "libstdc++", "libc++", "ld-",
                                          "[vdso", "libcurfew", "libgcc_s",   "libtsan",   "libasan"};
  constexpr std::string_view names[] = {"std::", "curfew::", "__gthread", "pthread_", "__cxa_"};
  return one.file.starts_with("/usr/include/") ||
         std::ranges::any_of(modules, [&](auto name) { return one.module.starts_with(name); }) ||
         std::ranges::any_of(names, [&](auto name) { return one.function.starts_with(name); });
}

/// A function's name without its parameters and template arguments, without the version that curfew's names have, and
/// of the C library's insides the name that people know.
std::string plain_name(const std::string& whole) {
  std::string name;
  int depth = 0;
  for (const char c : whole) {
    if (c == '(' && depth == 0) break;
    if (c == '<') ++depth;
    if (depth == 0) name += c;
    if (c == '>') --depth;
  }
  if (const auto at = name.find("::v1::"); at != std::string::npos) name.erase(at, 4);
  // Of a template the type that it returns comes first.
  if (const auto blank = name.rfind(' '); blank != std::string::npos && name.find("operator") == std::string::npos)
    name.erase(0, blank + 1);
  if (name.find("::") != std::string::npos) return name;
  for (const std::string_view prefix : {"__GI_", "__libc_", "__new_", "___", "__", "_"})
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  for (const std::string_view suffix : {"_slow64", "_slow"})
    if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  return name == "pthread_clockjoin_ex" ? "pthread_join" : name;
}

/// What of a library the program has called: of the frames of libraries at the inner end of the stack, the outermost
/// that has a name, those of C++ before those of C.
std::string called(const std::vector<frame>& stack) {
  std::string name;
  for (const frame& one : stack) {
    // What starts a thread is no call of the program's.
    constexpr std::string_view starts[] = {"_State_impl", "start_thread", "run_thread",
                                           "invoke",      "_M_run",       "std::function"};
    const bool is_start =
        std::ranges::any_of(starts, [&](auto part) { return one.function.find(part) != std::string::npos; });
    if (is_start || !is_of_a_library(one)) break;
    // What was inlined out of a header has its name without the class, at times.
    const std::string plain = plain_name(one.function);
    const bool is_whole = plain.find("::") != std::string::npos;
    if (is_whole || (!plain.empty() && name.find("::") == std::string::npos && !one.file.starts_with("/usr/include/")))
      name = plain;
  }
  return name;
}

std::int64_t nanoseconds_of(const timespec& t) {
  constexpr std::int64_t second = 1'000'000'000, most = 9'000'000'000;
  return t.tv_sec < 0 || t.tv_sec > most ? -1 : t.tv_sec * second + t.tv_nsec;
}

/// What is left of a limit, where it is a time of day of a clock, else all of it.
std::int64_t limit_of(const system_call& call, const snapshot& all) {
  timespec limit{}, now{};
  const std::uint64_t at = time_limit_of(call);
  if (at == 0 || !all.at.read(at, &limit, sizeof limit)) return -1;
  const auto what = call.arguments[1] & FUTEX_CMD_MASK;
  const bool is_futex = call.number == SYS_futex;
  const bool absolute =
      is_futex ? what != FUTEX_WAIT : call.number == SYS_clock_nanosleep && (call.arguments[1] & TIMER_ABSTIME) != 0;
  if (!absolute) return nanoseconds_of(limit);
  clockid_t clock = CLOCK_MONOTONIC;
  if (!is_futex) clock = static_cast<clockid_t>(call.arguments[0]);
  if (is_futex && ((call.arguments[1] & FUTEX_CLOCK_REALTIME) != 0 || what == FUTEX_LOCK_PI)) clock = CLOCK_REALTIME;
  if (::clock_gettime(clock, &now) != 0) return -1;
  const auto since = (std::chrono::steady_clock::now() - all.taken).count();
  const auto end = nanoseconds_of(limit);
  return end < 0 ? -1 : std::max<std::int64_t>(end - nanoseconds_of(now) + since, 0);
}

}  // namespace

wait_reader::wait_reader(const target& of, const snapshot& all) : of_(of), all_(all) {
  for (const thread_copy& one : all.threads) {
    by_own_id_.emplace(one.own_tid, one.tid);
    if (one.copied && one.state.thread != 0) by_pointer_.emplace(one.state.thread, one.tid);
  }
}

pid_t wait_reader::thread_named(pid_t own_tid) const {
  const auto found = by_own_id_.find(own_tid);
  return found != by_own_id_.end() ? found->second : 0;
}

/// Where the owner of a lock stands, as the C library has it.
void wait_reader::read_lock(const std::string& kind, std::uint64_t word, std::uint32_t expected, wait& to) const {
  const memory& process = all_.at;
  to.address = word;
  if (kind == "join") {
    to.owner = thread_named(static_cast<pid_t>(expected & id_bits));
  } else if (kind == "mutex") {
    // The word itself comes first, and then a count and the owner; robust ones and those with priorities have the owner
    // in the word.
    to.owner = thread_named(process.value<pid_t>(word + 8));
    if (to.owner == 0) to.owner = thread_named(static_cast<pid_t>(process.value<std::uint32_t>(word) & id_bits));
  } else if (kind == "rwlock") {
    // Two words to sleep on, at 8 and 12; the writer that has it is at 24.
    to.address = word - (word % 8 == 0 ? 8 : 12);
    to.owner = thread_named(process.value<pid_t>(to.address + 24));
  } else if (kind == "condition") {
    const std::uint64_t signals = 40, group = (word - signals) % 8 == 4 ? 4 : 0;
    to.address = word - signals - group;
  } else if (kind == "stream") {
    // The word, a count, and who has it.
    if (const auto owner = by_pointer_.find(process.value<std::uint64_t>(word + 8)); owner != by_pointer_.end())
      to.owner = owner->second;
  }
}

void wait_reader::read_futex(const thread_copy& thread, const std::vector<frame>& stack, wait& to) const {
  const auto& a = thread.state.call.arguments;
  const auto what = a[1] & FUTEX_CMD_MASK;
  const auto expected = static_cast<std::uint32_t>(a[2]);
  constexpr std::size_t near = 16;
  constexpr std::uint32_t awaited_lock = 2;
  to.kind = "futex";
  to.address = a[0];
  if (what == FUTEX_LOCK_PI || what == FUTEX_LOCK_PI2) {
    to.kind = "mutex";
    to.owner = thread_named(static_cast<pid_t>(all_.at.value<std::uint32_t>(a[0]) & id_bits));
    return;
  }
  for (std::size_t i = 0; i < std::min(stack.size(), near); ++i) {
    if (stack[i].function.starts_with("curfew::")) {
      to.kind = "curfew";
      break;
    }
    if (const char* const kind = kind_of_function(stack[i].function)) {
      to.kind = kind;
      break;
    }
  }
  // Inside of a wait on a condition the mutex may be what is waited for: the word tells.
  if (to.kind == "condition" && expected == awaited_lock && all_.at.value<std::uint32_t>(a[0]) == awaited_lock &&
      thread_named(all_.at.value<pid_t>(a[0] + 8)) != 0)
    to.kind = "mutex";
  // Without names the words alone have to tell.
  if (to.kind == "futex" && expected == awaited_lock && thread_named(all_.at.value<pid_t>(a[0] + 8)) != 0)
    to.kind = "mutex";
  if (to.kind == "futex" && expected > 1 && all_.at.value<std::uint32_t>(a[0]) == expected &&
      thread_named(static_cast<pid_t>(expected)) != 0 && (a[1] & FUTEX_PRIVATE_FLAG) == 0)
    to.kind = "join";
  if ((to.kind == "lock" || to.kind == "futex") && by_pointer_.contains(all_.at.value<std::uint64_t>(a[0] + 8)))
    to.kind = "stream";
  read_lock(to.kind, a[0], expected, to);
  if (to.owner == thread.tid && to.kind != "mutex" && to.kind != "rwlock") to.owner = 0;
}

void wait_reader::add_descriptor(int number, wait& to) const {
  constexpr std::size_t most = 16;
  if (to.descriptors.size() >= most) return void(++to.more_descriptors);
  const auto [known, is_new] = descriptors_.try_emplace(number);
  if (is_new) known->second = describe_descriptor(of_.pid, number);
  to.descriptors.push_back({number, known->second});
}

void wait_reader::read_descriptors(const system_call& call, wait& to) const {
  const auto& a = call.arguments;
  if (is_poll(call.number)) {
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(a[1], 256); ++i) {
      pollfd one{};
      if (!all_.at.read(a[0] + i * sizeof one, &one, sizeof one)) break;
      if (one.fd >= 0) add_descriptor(one.fd, to);
    }
  } else if (is_select(call.number)) {
    for (int fd = 0; fd < static_cast<int>(std::min<std::uint64_t>(a[0], FD_SETSIZE)); ++fd)
      for (const std::uint64_t at : {a[1], a[2]}) {
        unsigned char bits = 0;
        if (at == 0 || !all_.at.read(at + static_cast<std::uint64_t>(fd) / 8, &bits, 1)) continue;
        if ((bits >> (fd % 8) & 1) == 0) continue;
        add_descriptor(fd, to);
        break;
      }
  } else if (const int which = descriptor_argument(call.number); which >= 0) {
    const int fd = static_cast<int>(a[static_cast<std::size_t>(which)]);
    if (!is_epoll(call.number)) return add_descriptor(fd, to);
    for (const int one : descriptors_of_epoll(of_.pid, fd)) add_descriptor(one, to);
  }
}

wait wait_reader::wait_of(const thread_copy& thread, const std::vector<frame>& stack) const {
  wait found;
  const system_call& call = thread.state.call;
  if (thread.has_ended) {
    found.kind = "ended";
  } else if (!thread.copied) {
    found.kind = "kernel";
    const std::string folder = "/proc/" + std::to_string(of_.pid) + "/task/" + std::to_string(thread.tid) + "/";
    found.call = text_of(folder + "wchan");
    if (found.call == "0") found.call.clear();
  } else if (call.number < 0) {
    found.kind = "running";
  } else {
    found.call = name_of_call(call.number);
    found.in = called(stack);
    found.limit_ns = limit_of(call, all_);
    read_descriptors(call, found);
    if (is_futex_wait(call))
      read_futex(thread, stack, found);
    else if (is_sleep(call.number) || ((is_poll(call.number) || is_select(call.number)) && found.descriptors.empty()))
      found.kind = "sleep";
    else if (!found.descriptors.empty() || is_epoll(call.number))
      found.kind = "descriptor";
    else if (call.number == SYS_wait4 || call.number == SYS_waitid)
      found.kind = "process";
    else if (call.number == SYS_rt_sigsuspend || call.number == SYS_rt_sigtimedwait || found.call == "pause")
      found.kind = "signal";
    else
      found.kind = "call";
  }
  return found;
}

}  // namespace curfew::tool::dump
