// SPDX-License-Identifier: Apache-2.0
// By the C library's function on top of the stack.
#include "check/findings/wait_words.hpp"

#include <sys/syscall.h>

#include <cstring>

namespace curfew::tool {

namespace {

struct known_wait {
  const char* function;
  const char* text;
  bool has_object;  ///< the word that is waited on is part of it
};
constexpr known_wait known_waits[] = {
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

constexpr const char* noted_text(check::wait_kind kind) {
  switch (kind) {
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

std::string wait_text(interpreter& in, const wait_facts& wait, const std::vector<frame>& stack, static_object& object) {
  const auto with_object = [&](std::string text) {
    object = in.object_of(wait.event, wait.address, 0);
    if (!object.name.empty()) text += ", " + interpreter::name_of_object(object) + ",";
    if (wait.holder >= 0)
      text += " that " + in.thread_text(wait.holder) +
              (in.has_state(wait.holder, check::thread_record::ended) ? " had when it ended" : " holds");
    return text;
  };
  const std::string of_file = wait.file.length == 0
                                  ? ""
                                  : " of descriptor " + std::to_string(static_cast<int>(wait.address)) + " (" +
                                        file_text(in.record.text(wait.file)) + ")";
  if (const char* const noted = noted_text(wait.kind); noted != nullptr)
    return wait.kind == check::wait_kind::forever ? noted : with_object(noted);
  if (wait.call == check::no_call) return "runs without an end";
  // From inside the C library outwards, as far as its functions reach.
  for (std::size_t i = 0; i < stack.size() && i < 8; ++i)
    for (const auto& known : known_waits) {
      if (stack[i].function.find(known.function) == std::string::npos) continue;
      if (!stack[i].module.starts_with("libc.") && !stack[i].module.starts_with("ld-") &&
          std::strcmp(known.function, "__cxa_guard_acquire") != 0)
        continue;
      std::string text = known.text;
      if (wait.holder >= 0 && !known.has_object && std::strstr(known.text, "join") != nullptr)
        text += " " + in.thread_text(wait.holder);
      return known.has_object && wait.call == SYS_futex ? with_object(text) : text + of_file;
    }
  if (wait.call == SYS_futex) {
    object = in.object_of(wait.event, wait.address, 0);
    return "waits on " + interpreter::name_of_object(object);
  }
  return "waits in " + call_text(wait.call) + of_file;
}

}  // namespace curfew::tool
