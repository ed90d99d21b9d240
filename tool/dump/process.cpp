// SPDX-License-Identifier: Apache-2.0
#include "dump/process.hpp"

#include "dump/call_sites.hpp"
#include "dump/files.hpp"
#include "dump/unwind.hpp"
#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <map>
#include <unordered_map>
#include <utility>

namespace curfew::tool::dump {
namespace {

/// Each address is looked up once: thousands of threads stand at a few dozen of them.
class frames {
 public:
  explicit frames(symbols& of) : of_(of) {}
  const std::vector<frame>& at(std::uint64_t code) {
    auto [found, is_new] = known_.try_emplace(code);
    if (is_new) found->second = of_.at(code);
    return found->second;
  }
  std::vector<frame> all(const std::vector<std::uint64_t>& code) {
    std::vector<frame> whole;
    for (const std::uint64_t one : code) {
      const auto& here = at(one);
      whole.insert(whole.end(), here.begin(), here.end());
    }
    return whole;
  }

 private:
  symbols& of_;
  std::unordered_map<std::uint64_t, std::vector<frame>> known_;
};

std::string created_text(const place& at, frames& by_address) {
  if (!at.file.empty())
    return at.file + ":" + std::to_string(at.line) + (at.function.empty() ? "" : " in " + at.function);
  if (at.code == 0) return {};
  // What of curfew was inlined there is not where the program made it.
  const auto& all = by_address.at(at.code - 1);
  const auto own = std::ranges::find_if(
      all, [](const frame& each) { return each.file.find("include/curfew/") == std::string::npos; });
  const frame& one = own != all.end() ? *own : all.back();
  if (!one.file.empty())
    return one.file + ":" + std::to_string(one.line) + (one.function.empty() ? "" : " in " + one.function);
  if (one.module.empty()) return {};
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%lx", static_cast<unsigned long>(one.offset));
  return one.module + offset;
}

const char* why(const wait& of) {
  if (of.kind == "join") return "joins";
  if (of.kind == "mutex") return "waits for a mutex of";
  if (of.kind == "rwlock") return "waits for a read-write lock of";
  if (of.kind == "static") return "waits for a static local that is initialised by";
  if (of.kind == "stream") return "waits for a stream that is used by";
  return "waits for";
}

/// What the exit waits for is an edge of who runs it.
void add_exit(const dumped_process& of, const wait_reader& waits, std::vector<edge>& to) {
  for (std::size_t i = 0; i < of.exits.size(); ++i) {
    const exit_of_process& exit = of.exits[i];
    const pid_t runner = waits.thread_named(exit.runner);
    for (const dumped_thread& t : of.threads)
      if (runner != 0 && t.is_known && t.known.library == i && t.tid != 0 &&
          std::ranges::find(exit.waits_for, t.known.number) != exit.waits_for.end())
        to.push_back({runner, t.tid, "runs the exit, which waits for"});
  }
}

void add_known(dumped_process& to, const std::vector<known_process>& known, const wait_reader& waits,
               frames& by_address) {
  std::map<pid_t, dumped_thread*> by_id;
  for (dumped_thread& t : to.threads) by_id.emplace(t.tid, &t);
  std::vector<dumped_thread> not_begun;
  for (const known_process& process : known)
    for (const known_thread& k : process.threads) {
      const pid_t tid = k.tid != 0 ? waits.thread_named(k.tid) : 0;
      const auto at = by_id.find(tid);
      dumped_thread made;
      const bool is_there = tid != 0 && at != by_id.end();
      // Two curfews may know the same thread: who started it knows more than who was asked by it.
      if (is_there && at->second->is_known && (k.kind == "foreign" || k.kind == "main")) continue;
      if (!is_there && k.tid != 0) continue;  // it has ended since
      dumped_thread& t = is_there ? *at->second : made;
      t.is_known = true;
      t.known = k;
      t.name = k.name;
      t.created_at = created_text(k.created_at, by_address);
      if (!is_there) {
        t.waits_for.kind = "starting";
        not_begun.push_back(std::move(made));
      }
    }
  std::ranges::move(not_begun, std::back_inserter(to.threads));
  // A join of curfew's may sleep on a word of its own.
  for (dumped_thread& t : to.threads)
    if (t.is_known && t.known.joins != 0 && t.waits_for.owner == 0)
      for (const dumped_thread& other : to.threads)
        if (other.is_known && other.known.library == t.known.library && other.known.number == t.known.joins - 1) {
          t.waits_for.kind = "join";
          t.waits_for.owner = other.tid;
        }
}

/// Who initialises a static local is written down nowhere. It is inside of the function that the others wait in.
void find_initialisers(dumped_process& of) {
  for (dumped_thread& t : of.threads) {
    if (t.waits_for.kind != "static") continue;
    const auto guard = std::ranges::find_if(
        t.stack, [](const frame& one) { return one.function.find("cxa_guard_acquire") != std::string::npos; });
    if (guard == t.stack.end() || std::next(guard) == t.stack.end()) continue;
    const std::string& function = std::next(guard)->symbol;
    pid_t only = 0;
    int count = 0;
    for (const dumped_thread& other : of.threads) {
      const auto inside = std::ranges::find(other.stack, function, &frame::symbol);
      if (&other == &t || inside == other.stack.end()) continue;
      // The function itself called that one's guard, too.
      if (inside != other.stack.begin() && std::prev(inside)->function.find("cxa_guard_acquire") != std::string::npos)
        continue;
      only = other.tid;
      ++count;
    }
    if (count == 1 && !function.empty()) t.waits_for.owner = only;
  }
}

std::vector<edge> edges_of(const dumped_process& of, const wait_reader& waits) {
  std::vector<edge> all;
  for (const dumped_thread& t : of.threads)
    if (t.waits_for.owner != 0) all.push_back({t.tid, t.waits_for.owner, why(t.waits_for)});
  add_exit(of, waits, all);
  return all;
}

}  // namespace

dumped_process look_at(const target& of) {
  dumped_process found;
  found.about = of;
  const std::string maps_path = "/proc/" + std::to_string(of.pid) + "/maps";
  std::string maps = text_of(maps_path);
  // What takes time is done before anything is stopped.
  found.curfews = find_libraries(of, read_mappings(maps), memory(of.pid));
  std::vector<raw_registry> raw;
  const snapshot all = take_snapshot(of, [&](snapshot& now) {
    for (std::size_t i = 0; i < found.curfews.found.size(); ++i) {
      const library& one = found.curfews.found[i];
      raw.push_back(one.fault.empty() ? copy_registry(one, i, now.at) : raw_registry{});
    }
  });
  if (all.threads.empty()) refuse(of, ESRCH);
  if (std::string later = text_of(maps_path); !later.empty()) maps = std::move(later);
  const std::vector<mapping> mappings = read_mappings(maps);
  symbols names(maps, of.pid, [&](const std::string& path, std::uint64_t begin) {
    const mapping* const one = mapping_at(mappings, begin);
    mapping named;
    named.path = path;
    return open_file_of(of, one != nullptr ? *one : named);
  });
  unwinder stacks(names, all);
  frames by_address(names);
  const wait_reader waits(of, all);
  found.stopped = all.stopped;
  for (const thread_copy& copy : all.threads) {
    dumped_thread t;
    t.tid = copy.tid;
    t.name = copy.task.name;
    t.copied = copy.copied;
    t.late = copy.late;
    const call_stack stack = stacks.stack_of(copy);
    t.stack = by_address.all(stack.code);
    name_by_call_sites(t.stack, names, all.at);
    t.stack_is_cut = stack.is_cut;
    t.waits_for = waits.wait_of(copy, t.stack);
    t.state = copy.task.state == 'T' || copy.task.state == 'D' || copy.task.state == 'Z' ? copy.task.state
              : t.waits_for.kind == "running"                                            ? 'R'
                                                                                         : 'S';
    found.threads.push_back(std::move(t));
  }
  std::vector<known_process> known;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    known.push_back(found.curfews.found[i].fault.empty() ? read_registry(found.curfews.found[i], raw[i], all.at)
                                                         : known_process{});
    found.exits.push_back(known.back().exit);
  }
  add_known(found, known, waits, by_address);
  find_initialisers(found);
  // Where the names of curfew's functions are stripped, it still knows that they wait.
  for (dumped_thread& t : found.threads) {
    if (!t.is_known || t.waits_for.kind != "futex") continue;
    const bool runs_exit = waits.thread_named(found.exits[t.known.library].runner) == t.tid;
    if (t.known.state == "waiting" || runs_exit) t.waits_for.kind = "curfew";
  }
  found.cycles = find_cycles(edges_of(found, waits));
  for (exit_of_process& exit : found.exits) exit.runner = waits.thread_named(exit.runner);
  return found;
}

}  // namespace curfew::tool::dump
