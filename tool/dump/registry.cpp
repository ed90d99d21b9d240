// SPDX-License-Identifier: Apache-2.0
#include "dump/registry.hpp"

#include <time.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace curfew::tool::dump {
namespace {

// While the process is stopped: a list that is broken, or made up, must neither be followed for ever nor fill the
// memory.
constexpr std::size_t most_records = 1'000'000, most_bytes = std::size_t{256} << 20;

template <class Value>
Value in(const std::vector<unsigned char>& record, std::uint32_t offset) {
  Value found{};
  if (offset + sizeof found <= record.size()) std::memcpy(&found, record.data() + offset, sizeof found);
  return found;
}

std::string text(const memory& of, std::uint64_t at, std::uint64_t size) {
  constexpr std::uint64_t longest = 4096;
  std::string found(std::min(size, longest), '\0');
  return at != 0 && of.read(at, found.data(), found.size()) ? found : std::string();
}

/// A std::string that lies in a record. A short one lies in the record whole.
std::string name_in(const std::vector<unsigned char>& record, const library& of, const memory& process) {
  const std::uint32_t at = of.layout.name;
  const auto* const bytes = reinterpret_cast<const char*>(record.data());
  const auto address = in<std::uint64_t>(record, at);
  switch (static_cast<layout::text_form>(of.layout.strings)) {
    case layout::text_form::pointer_and_size: {
      const auto size = in<std::uint64_t>(record, at + 8);
      constexpr std::uint64_t longest_inside = 15;
      if (size <= longest_inside && std::uint64_t{at} + 32 <= record.size()) return {bytes + at + 16, size};
      return text(process, address, size);
    }
    case layout::text_form::counted_pointer: {
      std::uint64_t size = 0;
      return process.read(address - 24, &size, sizeof size) ? text(process, address, size) : std::string();
    }
    case layout::text_form::short_or_long: {
      const auto first = in<unsigned char>(record, at);
      if ((first & 1) == 0 && std::uint64_t{at} + 24 <= record.size())
        return {bytes + at + 1, std::min<std::size_t>(first / 2, 22)};
      return text(process, in<std::uint64_t>(record, at + 16), in<std::uint64_t>(record, at + 8));
    }
  }
  return {};
}

std::string state_in(const std::vector<unsigned char>& record, const library& of, const memory& process) {
  const auto& l = of.layout;
  if (in<std::uint32_t>(record, l.frozen) == 1) return "frozen";
  if (in<unsigned char>(record, l.begun) == 0) return "starting";
  std::uint32_t asked = 0;
  if (const auto stop = in<std::uint64_t>(record, l.stop); stop != 0)
    process.read(stop + l.stop_word, &asked, sizeof asked);
  if ((asked & l.stop_mask) != 0) return "stopping";
  return in<std::uint32_t>(record, l.waits) != 0 ? "waiting" : "running";
}

/// Of numbers that may be anything: one that is too large wraps.
std::int64_t product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

known_thread thread_in(const std::vector<unsigned char>& record, const library& of, const memory& process) {
  constexpr const char* kinds[] = {"main", "regular", "daemon", "foreign"};
  const auto& l = of.layout;
  known_thread t;
  t.number = in<std::uint64_t>(record, l.number);
  t.parent = in<std::uint64_t>(record, l.parent);
  const auto kind = in<unsigned char>(record, l.kind);
  t.kind = kind < std::size(kinds) ? kinds[kind] : "unknown";
  t.name = name_in(record, of, process);
  if (t.name.empty()) t.name = kind == 0 ? "main" : (kind == 3 ? "Foreign-" : "Thread-") + std::to_string(t.number);
  t.state = state_in(record, of, process);
  t.frozen = t.state == "frozen";
  t.tid = in<pid_t>(record, l.tid);
  t.created_at = {process.text_at(in<std::uint64_t>(record, l.file)),
                  process.text_at(in<std::uint64_t>(record, l.function)), in<std::uint32_t>(record, l.line),
                  in<std::uint64_t>(record, l.code)};
  t.started_at_ns =
      in<unsigned char>(record, l.begun) != 0 ? product(in<std::int64_t>(record, l.started_at), l.ns_per_tick) : 0;
  t.joins = in<std::uint64_t>(record, l.joins);
  t.shields = in<std::uint32_t>(record, l.shields);
  t.takes_token = in<unsigned char>(record, l.takes_token) != 0;
  t.worker = in<unsigned char>(record, l.worker) != 0;
  t.in_exit = in<unsigned char>(record, l.in_exit) != 0;
  return t;
}

/// What a record points to and may not be there any more once the process goes on: a long name, whether it was asked to
/// stop.
void copy_around(const std::vector<unsigned char>& record, const library& of, memory& process) {
  constexpr std::uint64_t longest = 4096, header = 24;
  const auto& l = of.layout;
  const auto address = in<std::uint64_t>(record, l.name), second = in<std::uint64_t>(record, l.name + 8);
  switch (static_cast<layout::text_form>(l.strings)) {
    case layout::text_form::pointer_and_size:
      if (second > 15) process.copy({address, address + std::min(second, longest)});
      break;
    case layout::text_form::counted_pointer:
      process.copy({address - header, address + 256});
      break;
    case layout::text_form::short_or_long:
      if ((address & 1) != 0) {
        const auto at = in<std::uint64_t>(record, l.name + 16);
        process.copy({at, at + std::min(second, longest)});
      }
      break;
  }
  if (const auto stop = in<std::uint64_t>(record, l.stop); stop != 0)
    process.copy({stop + l.stop_word, stop + l.stop_word + 4});
}

/// As the process was stopped amid some change it may not be whole. Ends where it leads back into itself.
std::vector<std::vector<unsigned char>> copy_list(const library& of, std::uint64_t head, memory& process) {
  std::vector<std::vector<unsigned char>> all;
  const std::size_t most = std::min(most_records, most_bytes / std::max<std::size_t>(of.layout.record_size, 1));
  std::unordered_set<std::uint64_t> seen;
  auto at = process.value<std::uint64_t>(head);
  while (at != 0 && all.size() < most && seen.insert(at).second) {
    std::vector<unsigned char> record(of.layout.record_size);
    if (!process.read_now(at, record.data(), record.size())) break;
    at = in<std::uint64_t>(record, of.layout.next);
    copy_around(record, of, process);
    all.push_back(std::move(record));
  }
  return all;
}

/// What the exit waits for, by the same rules as the exit itself.
std::vector<std::uint64_t> awaited_by_exit(const known_process& of) {
  std::vector<std::uint64_t> all;
  for (const known_thread& t : of.threads) {
    if (t.tid == of.exit.runner || t.frozen || t.in_exit) continue;
    const bool regular = of.exit.phase == "draining" && t.kind == "regular";
    const bool shielded =
        of.exit.phase == "stopping" && (t.shields != 0 || (t.kind == "daemon" && t.state == "stopping"));
    if (regular || shielded) all.push_back(t.number);
  }
  return all;
}

}  // namespace

raw_registry copy_registry(const library& of, std::size_t number, memory& process) {
  raw_registry raw;
  raw.library = number;
  const auto& l = of.layout;
  // The lists are arrays of heads: live is the second, ended the third, ended without a handle the fourth.
  const auto lists = process.value<std::uint64_t>(l.registry);
  if (lists != 0) raw.live = copy_list(of, lists + 8, process);
  raw.phase = process.value<unsigned char>(l.phase);
  raw.steps_done = process.value<unsigned char>(l.steps_done);
  raw.runner = process.value<std::uint32_t>(l.runner);
  raw.status = process.value<std::uint32_t>(l.status);
  raw.began = process.value<std::uint64_t>(l.began);
  raw.hook = process.value<std::uint64_t>(l.hook);
  return raw;
}

known_process read_registry(const library& of, const raw_registry& raw, const memory& process) {
  constexpr const char* phases[] = {"running", "draining", "stopping", "frozen"};
  known_process known;
  for (const auto& record : raw.live) {
    known.threads.push_back(thread_in(record, of, process));
    known.threads.back().library = raw.library;
  }
  std::ranges::sort(known.threads, {}, &known_thread::number);
  exit_of_process& exit = known.exit;
  exit.phase = raw.phase < std::size(phases) ? phases[raw.phase] : "unknown";
  exit.runner = static_cast<pid_t>(raw.runner);
  exit.status = static_cast<int>(raw.status);
  exit.steps_done = raw.steps_done != 0;
  if (raw.hook != 0) exit.hook = process.text_at(raw.hook);
  if (raw.began != 0) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto now_ns = static_cast<std::uint64_t>(now.tv_sec * 1'000'000'000LL + now.tv_nsec);
    exit.age_ns = static_cast<std::int64_t>(now_ns - raw.began);
  }
  exit.waits_for = awaited_by_exit(known);
  return known;
}

}  // namespace curfew::tool::dump
