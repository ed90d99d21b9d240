// SPDX-License-Identifier: Apache-2.0
#include "dump/output.hpp"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <unordered_map>

namespace curfew::tool::dump {
namespace {

constexpr std::size_t most_frames = 100, outermost = 20;
constexpr std::size_t most_names = 20;

std::string hexadecimal(std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%lx", static_cast<unsigned long>(value));
  return text;
}

std::string duration(std::int64_t ns) {
  char text[32];
  const double ms = static_cast<double>(ns) / 1e6;
  if (ms < 100)
    std::snprintf(text, sizeof text, "%.1f ms", ms);
  else
    std::snprintf(text, sizeof text, "%.1f s", ms / 1e3);
  return text;
}

/// Text of the program on a terminal: no control characters.
std::string cleaned(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

std::string held(const wait& of, const dumped_process& all) {
  return of.owner != 0 ? " held by " + thread_text(all, of.owner) : std::string();
}

std::string descriptors(const wait& of) {
  if (of.descriptors.empty()) return "waits for descriptors of an epoll that has none";
  std::string text = of.descriptors.size() == 1 ? "waits for descriptor " : "waits for one of the descriptors ";
  for (std::size_t i = 0; i < of.descriptors.size(); ++i) {
    const descriptor& one = of.descriptors[i];
    text += (i == 0 ? "" : ", ") + std::to_string(one.number);
    if (!one.what.empty()) text += " (" + cleaned(one.what) + ")";
  }
  if (of.more_descriptors != 0) text += " and " + std::to_string(of.more_descriptors) + " more";
  return text;
}

std::string what(const wait& of, const dumped_process& all) {
  const std::string at = " " + hexadecimal(of.address);
  const std::string& k = of.kind;
  if (k == "running") return "runs";
  if (k == "ended") return "has ended; the process goes on without it";
  if (k == "starting") return "has not begun";
  if (k == "kernel")
    return "sleeps in the kernel and could not be stopped" + (of.call.empty() ? "" : " (" + of.call + ")");
  if (k == "mutex") return "waits for the mutex" + at + held(of, all);
  if (k == "rwlock") return "waits for the read-write lock" + at + held(of, all);
  if (k == "join") return of.owner != 0 ? "joins " + thread_text(all, of.owner) : "joins a thread";
  if (k == "condition") return "waits on the condition variable" + at;
  if (k == "semaphore") return "waits for the semaphore" + at;
  if (k == "barrier") return "waits at the barrier" + at;
  if (k == "once") return "waits for a call that is made once";
  if (k == "static")
    return "waits for " + (of.owner != 0 ? thread_text(all, of.owner) : "another thread") +
           " to initialise a static local";
  if (k == "stream")
    return "waits for a stream" + (of.owner != 0 ? " used by " + thread_text(all, of.owner) : std::string());
  if (k == "lock") return "waits for a lock of the C library" + at;
  if (k == "atomic") return "waits for a change of the atomic" + at;
  if (k == "future") return "waits for a future";
  if (k == "curfew") return of.in.empty() ? "waits in curfew" : "waits";
  if (k == "futex") return "waits on the futex" + at;
  if (k == "sleep") return "sleeps";
  if (k == "descriptor") return descriptors(of);
  if (k == "process") return "waits for a child process";
  if (k == "signal") return "waits for a signal";
  return "is in a system call";
}

std::string source(const frame& at) {
  if (!at.file.empty()) return at.file + (at.line != 0 ? ":" + std::to_string(at.line) : std::string());
  if (!at.module.empty()) return at.module + "+" + hexadecimal(at.offset);
  return hexadecimal(at.address);
}

void print_stack(std::ostream& out, const dumped_thread& t) {
  const std::size_t count = t.stack.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (count > most_frames && i == most_frames - outermost) {
      out << "     … " << count - most_frames << " frames\n";
      i = count - outermost;
    }
    const frame& at = t.stack[i];
    char number[24];
    std::snprintf(number, sizeof number, "%-4zu", i);
    out << "    #" << number << (at.function.empty() ? "??" : cleaned(at.function)) << "  " << cleaned(source(at))
        << "\n";
  }
  if (t.stack_is_cut) out << "    … the stack goes on, and was not copied that far\n";
}

std::string age(std::int64_t started_ns) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return duration(std::max<std::int64_t>(now.tv_sec * 1'000'000'000LL + now.tv_nsec - started_ns, 0)) + " old";
}

void print_thread(std::ostream& out, const dumped_thread& t, const dumped_process& all) {
  out << "thread " << (t.tid != 0 ? std::to_string(t.tid) : "-") << " \"" << cleaned(t.name) << "\"";
  if (t.is_known) {
    const known_thread& k = t.known;
    out << ", #" << k.number << " " << k.kind << ", " << k.state;
    if (k.kind != "main" && k.started_at_ns != 0) out << ", " << age(k.started_at_ns);
    if (k.shields != 0) out << ", holds a shield";
    if (!t.created_at.empty()) out << ", started at " << cleaned(t.created_at);
  }
  if (t.state == 'T') out << ", stopped by a signal";
  if (t.late) out << ", copied after the others";
  out << "\n  " << wait_text(t.waits_for, all) << "\n";
}

void print_exit(std::ostream& out, const exit_of_process& exit, const dumped_process& all, std::size_t library) {
  if (exit.runner == 0 && exit.phase == "running") return;
  out << "exit: "
      << (exit.phase == "running"  ? "its hooks run"
          : exit.phase == "frozen" ? "daemons are frozen, destructors run"
                                   : exit.phase);
  if (exit.age_ns > 0) out << ", for " << duration(exit.age_ns);
  if (exit.runner != 0) out << ", run by " << thread_text(all, exit.runner);
  if (!exit.hook.empty()) out << ", in the hook \"" << cleaned(exit.hook) << "\"";
  std::size_t count = 0;
  for (const dumped_thread& t : all.threads) {
    if (!t.is_known || t.known.library != library ||
        std::ranges::find(exit.waits_for, t.known.number) == exit.waits_for.end())
      continue;
    if (count++ == most_names) {
      out << " and " << exit.waits_for.size() - most_names << " more";
      break;
    }
    out << (count == 1 ? ", waits for " : ", ") << "\"" << cleaned(t.name) << "\" (#" << t.known.number << ")";
  }
  out << "\n";
}

void print_curfew(std::ostream& out, const dumped_process& all) {
  for (std::size_t i = 0; i < all.curfews.found.size(); ++i) {
    if (const library& one = all.curfews.found[i]; !one.fault.empty())
      out << "the curfew in " << cleaned(one.module) << " cannot be read: " << one.fault << "\n";
    else
      print_exit(out, all.exits[i], all, i);
  }
}

std::string key_of(const dumped_thread& t) {
  std::string key;
  for (const frame& one : t.stack) key.append(reinterpret_cast<const char*>(&one.address), sizeof one.address);
  return key.empty() ? "-" + std::to_string(t.tid) : key;
}

}  // namespace

std::string thread_text(const dumped_process& all, pid_t tid) {
  const auto one = std::ranges::lower_bound(
      all.threads.begin(), all.threads.end(), tid,
      [&](pid_t a, pid_t b) {
        return a != 0 && (b == 0 || a < b);  // those without one are the last
      },
      &dumped_thread::tid);
  const std::string name = one != all.threads.end() && one->tid == tid ? "\"" + cleaned(one->name) + "\" " : "";
  return name + "(" + std::to_string(tid) + ")";
}

std::string wait_text(const wait& of, const dumped_process& all) {
  std::string text = what(of, all);
  if (!of.in.empty() && of.kind != "running") text += ", in " + cleaned(of.in);
  if (of.limit_ns >= 0) text += ", for at most " + duration(of.limit_ns);
  if (of.kind == "call") text += ", " + of.call;
  return text;
}

void print_text(std::ostream& out, const dumped_process& all) {
  const std::size_t count = all.threads.size();
  out << "process " << all.about.pid << " \"" << cleaned(all.about.name) << "\"";
  if (!all.about.program.empty()) out << ", " << cleaned(all.about.program);
  out << ": " << count << (count == 1 ? " thread" : " threads") << ", stopped for " << duration(all.stopped.count())
      << "\n";
  print_curfew(out, all);
  for (const cycle& ring : all.cycles) {
    out << "deadlock: ";
    for (const edge& one : ring) out << thread_text(all, one.from) << " " << one.why << " ";
    out << thread_text(all, ring.front().from) << "\n";
  }
  // Threads that stand at the same place are told together.
  std::unordered_map<std::string, std::vector<const dumped_thread*>> together;
  std::vector<const std::vector<const dumped_thread*>*> groups;
  for (const dumped_thread& t : all.threads) {
    auto& group = together[key_of(t)];
    if (group.empty()) groups.push_back(&group);
    group.push_back(&t);
  }
  for (const auto* const group : groups) {
    out << "\n";
    for (const dumped_thread* const t : *group) print_thread(out, *t, all);
    print_stack(out, *group->front());
  }
}

}  // namespace curfew::tool::dump
