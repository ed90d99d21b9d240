// SPDX-License-Identifier: Apache-2.0
// What a blocked exit waits for, by the C library's function on top of the stack.
#include "check/findings/interpreter.hpp"

#include <sys/syscall.h>

#include <cstring>

namespace curfew::tool {

using check::event_kind;

namespace {

struct wait_kind {
  const char* function;
  const char* text;
  bool has_object;  ///< the word that is waited on is part of it
};
constexpr wait_kind kinds[] = {
    {"pthread_join", "joins", false},
    {"__pthread_clockjoin", "joins", false},
    {"pthread_cond_destroy", "destroys a condition variable that has waiters", true},
    {"pthread_cond", "waits on a condition variable", true},
    {"pthread_rwlock", "waits for a read-write lock", true},
    {"pthread_mutex", "waits for a mutex", true},
    {"lll_lock_wait", "waits for a lock", true},
    {"pthread_barrier", "waits at a barrier", true},
    {"sem_wait", "waits for a semaphore", true},
    {"sem_clockwait", "waits for a semaphore", true},
    {"__cxa_guard_acquire", "waits until a function's static is built", true},
    {"flockfile", "waits for a stream", false},
    {"dlopen", "waits for the loader", false},
    {"dlclose", "waits for the loader", false},
    {"poll", "waits in poll", false},
    {"epoll_wait", "waits in epoll_wait", false},
    {"select", "waits in select", false},
    {"accept", "waits in accept", false},
    {"recv", "waits in recv", false},
    {"read", "waits in read", false},
    {"nanosleep", "sleeps", false},
    {"waitpid", "waits for another process", false},
    {"pause", "waits in pause", false},
};

constexpr const char* noted_text(std::uint32_t kind) {
  switch (static_cast<check::wait_kind>(kind)) {
    case check::wait_kind::mutex:
      return "waits for a mutex";
    case check::wait_kind::condition:
      return "waits on a condition variable";
    case check::wait_kind::read_lock:
    case check::wait_kind::write_lock:
      return "waits for a read-write lock";
    case check::wait_kind::semaphore:
      return "waits for a semaphore";
    case check::wait_kind::barrier:
      return "waits at a barrier";
    case check::wait_kind::once:
      return "waits until somebody's call_once has run";
    case check::wait_kind::destroyed_condition:
      return "destroys a condition variable that has waiters";
    case check::wait_kind::forever:
      return "is kept where it is";
    case check::wait_kind::none:
      break;
  }
  return nullptr;
}

struct call_name {
  long call;
  const char* name;
};
constexpr call_name calls[] = {
    {SYS_read, "read"},
    {SYS_write, "write"},
    {SYS_readv, "readv"},
    {SYS_writev, "writev"},
    {SYS_recvfrom, "recv"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_sendto, "send"},
    {SYS_sendmsg, "sendmsg"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept"},
    {SYS_connect, "connect"},
    {SYS_openat, "open"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_fsync, "fsync"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_ppoll, "ppoll"},
    {SYS_pselect6, "pselect"},
    {SYS_epoll_pwait, "epoll_wait"},
    {SYS_rt_sigsuspend, "sigsuspend"},
    {SYS_rt_sigtimedwait, "sigtimedwait"},
#ifdef SYS_poll
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_epoll_wait, "epoll_wait"},
    {SYS_open, "open"},
    {SYS_pause, "pause"},
#endif
};

std::string call_text(std::uint64_t call) {
  for (const auto& one : calls)
    if (static_cast<std::uint64_t>(one.call) == call) return one.name;
  return "system call " + std::to_string(call);
}

/// What /proc has a descriptor point to.
std::string file_text(const std::string& target) {
  if (target.starts_with("pipe:")) return "a pipe";
  if (target.starts_with("socket:")) return "a socket";
  if (target.starts_with("anon_inode:")) return target.substr(target.find(':') + 1);
  return target;
}

}  // namespace

std::string interpreter::wait_text(int index, const std::vector<frame>& stack, static_object& object) {
  const auto& e = record_.event(index);
  const auto with_object = [&](std::string text) {
    object = object_of(index, e.b, 0);
    if (!object.name.empty()) text += ", " + name_of_object(object) + ",";
    if (e.other >= 0) text += " that " + thread_text(e.other) + " holds";
    return text;
  };
  const std::string of_file = e.d == 0 ? ""
                                       : " of descriptor " + std::to_string(static_cast<int>(e.b)) + " (" +
                                             file_text(record_.text(e.d >> 16, e.d & 0xffff)) + ")";
  if (const char* const noted = noted_text(e.role); noted != nullptr)
    return static_cast<check::wait_kind>(e.role) == check::wait_kind::forever ? noted : with_object(noted);
  if (e.a == ~std::uint64_t{0}) return "runs without an end";
  // From inside the C library outwards, as far as its functions reach.
  for (std::size_t i = 0; i < stack.size() && i < 8; ++i)
    for (const auto& kind : kinds) {
      if (stack[i].function.find(kind.function) == std::string::npos) continue;
      if (!stack[i].module.starts_with("libc.") && !stack[i].module.starts_with("ld-") &&
          std::strcmp(kind.function, "__cxa_guard_acquire") != 0)
        continue;
      std::string text = kind.text;
      if (e.other >= 0 && !kind.has_object && std::strstr(kind.text, "join") != nullptr)
        text += " " + thread_text(e.other);
      return kind.has_object && e.a == SYS_futex ? with_object(text) : text + of_file;
    }
  if (e.a == SYS_futex) {
    object = object_of(index, e.b, 0);
    return "waits on " + name_of_object(object);
  }
  return "waits in " + call_text(e.a) + of_file;
}

void interpreter::blocked(int index) {
  const auto& e = record_.event(index);
  // A child that joins a thread it does not have, a thread that has crashed with a lock: told already.
  if (blocked_processes_.contains(e.pid)) return;
  if (e.other >= 0 && (record_.thread(e.other)->state.load() & check::thread_record::crashed) != 0) return;
  blocked_processes_.insert(e.pid);
  finding f;
  f.kind = "exit-blocked";
  f.threads.push_back(involve(index, e.thread, "is blocked", true));
  std::string library;
  for (int i = 0; i < index; ++i)
    if (const auto& closing = record_.event(i); closing.kind.load() == event_kind::closing && closing.pid == e.pid)
      library = record_.text(closing.c, closing.d);
  const std::string wait = wait_text(index, f.threads[0].stack, f.object);
  // A join has no object of its own.
  if (f.object.name.empty() && e.during >= 0 && record_.event(e.during).c != 0)
    f.object = object_of(e.during, record_.event(e.during).b, record_.event(e.during).c);
  std::string who = destructor_text(e.during);
  if (!library.empty()) {
    who = "dlclose of " + library.substr(library.rfind('/') + 1);
  } else if (e.during < 0) {
    const auto own = first_own(f.threads[0].stack);
    who = "the exit, in " + (own.function.empty() ? place_text(own) : "`" + own.function + "`") + ",";
  }
  f.message = who + " has made no progress for " + std::to_string(e.c) + " ms: it " + wait + " at " +
              place_text(first_own(f.threads[0].stack));
  unsigned others = 0;
  for (int i = 0; i < static_cast<int>(record_.event_count()); ++i) {
    const auto& other = record_.event(i);
    if (other.kind.load() != event_kind::blocked_other || other.pid != e.pid) continue;
    const bool holder = other.thread == e.other;
    if (!holder && (e.other >= 0 || ++others > 4)) continue;
    auto t = involve(i, other.thread, holder ? "is waited for" : "is there, too", true);
    if (holder) {
      static_object of_other;
      f.message += "; " + thread_text(other.thread) + " " + wait_text(i, t.stack, of_other) + " at " +
                   place_text(first_own(t.stack));
    }
    f.threads.push_back(std::move(t));
  }
  f.advice = e.other >= 0
                 ? "see to it that the thread ends when it is asked to (a std::stop_token, a wait with a limit), "
                   "and ask it before main returns; a deadline ends the exit in any case: curfew run "
                   "--deadline 10s, or curfew::exit_options"
                 : "end what it waits for before main returns; a deadline ends the exit in any case: curfew run "
                   "--deadline 10s, or curfew::exit_options";
  add(std::move(f), e);
}

void interpreter::joined(int index) {
  const auto& e = record_.event(index);
  if (blocked_processes_.contains(e.pid)) return;
  blocked_processes_.insert(e.pid);
  caused_.insert({e.pid, e.thread});
  finding f;
  f.kind = "exit-blocked";
  f.threads.push_back(involve(index, e.thread, "is blocked", true));
  const auto where = place_text(first_own(f.threads[0].stack));
  if (e.kind.load() == event_kind::condition_destroyed) {
    f.object = object_of(index, e.a, 0);
    f.message = destructor_text(e.during) + " destroys, at " + where + ", the condition variable " +
                name_of_object(f.object) + " on which a thread waits that this forked child does not have";
    f.advice = "end a forked child by _exit, or make the library's threads anew in it (pthread_atfork)";
  } else if (e.b != 0) {
    f.message = destructor_text(e.during) + " joins, at " + where + ", " + thread_text(e.thread) +
                ", on which it runs itself: exit was called there";
    f.advice =
        "do not call exit on a thread that a destructor joins: curfew::request_exit() there, and "
        "return curfew::wait_for_exit() in main";
  } else {
    f.message = destructor_text(e.during) + " joins, at " + where + ", " + thread_text(e.other) +
                " of the process that this child was forked from, and that is not here";
    f.threads.push_back(involve(index, e.other, "is not there", false));
    f.advice = "end a forked child by _exit, or make the library's threads anew in it (pthread_atfork)";
  }
  add(std::move(f), e);
}

}  // namespace curfew::tool
