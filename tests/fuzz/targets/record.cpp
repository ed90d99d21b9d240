// SPDX-License-Identifier: Apache-2.0
// The record that a program leaves behind: whatever stands in it, it is read, interpreted and printed. An input's
// length chooses the form.
//
// An input is a list of pieces: which part of the record, its index, an offset in it, a length, and the bytes.
#include "check/findings/fold.hpp"
#include "check/findings/interpret.hpp"
#include "check/output/output.hpp"
#include "failure.hpp"
#include "harness.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace {

using namespace curfew;

constexpr std::uint32_t some_threads = 32, some_events = 64;
constexpr std::size_t some_text = std::size_t{1} << 16;

/// The file, as long as a record is. An input reaches its beginning, and that of each table.
check::record_file& whole_record(const fuzz::memory_file& file) {
  if (::ftruncate(file.descriptor(), sizeof(check::record_file)) != 0) std::abort();
  void* const at =
      ::mmap(nullptr, sizeof(check::record_file), PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0);
  if (at == MAP_FAILED) std::abort();
  return *static_cast<check::record_file*>(at);
}

void clear(void* at, std::size_t size) { std::memset(at, 0, size); }

/// What is behind the pieces is empty, but to look through all of it, megabytes, takes most of a second.
template <class Number>
void bound(std::atomic<Number>& value, Number most) {
  if (value.load() > most) value = most;
}

void write_pieces(check::record_file& to, fuzz::reader from) {
  auto* const file = reinterpret_cast<char*>(&to);
  clear(file, offsetof(check::record_file, threads));
  clear(to.threads, some_threads * sizeof *to.threads);
  clear(to.events, some_events * sizeof *to.events);
  clear(to.text, some_text);
  while (!from.at_end()) {
    const auto part = from.number<std::uint8_t>() % 4;
    const auto index = from.number<std::uint16_t>();
    const auto offset = from.number<std::uint16_t>();
    std::size_t begin = 0, room = offsetof(check::record_file, threads);
    if (part == 1) {
      begin = offsetof(check::record_file, threads) + index % some_threads * sizeof(check::thread_record);
      room = sizeof(check::thread_record);
    } else if (part == 2) {
      begin = offsetof(check::record_file, events) + index % some_events * sizeof(check::event_record);
      room = sizeof(check::event_record);
    } else if (part == 3) {
      begin = offsetof(check::record_file, text);
      room = some_text;
    }
    const std::size_t at = offset % room;
    const std::string_view bytes = from.text(std::min<std::size_t>(from.number<std::uint8_t>(), room - at));
    std::memcpy(file + begin + at, bytes.data(), bytes.size());
  }
  bound(to.thread_count, some_threads);
  bound(to.event_count, some_events);
  bound(to.text_used, std::uint64_t{some_text});
}

}  // namespace

CURFEW_FUZZ_TARGET(record) {
  static const fuzz::memory_file file;
  static check::record_file& record = whole_record(file);
  write_pieces(record, fuzz::reader(input));
  record.magic = check::record_magic;
  record.version = check::record_version;
  try {
    tool::record_view view{file.path()};
    const tool::check_result result = tool::interpret(view, "program", {.status = 3});
    std::ostringstream out;
    // The last two take ten times as long as the others.
    const auto is_chosen = [&](std::size_t first, std::size_t last) {
      return fuzz::do_everything || (input.size() % 64 >= first && input.size() % 64 <= last);
    };
    if (is_chosen(0, 20)) print_text(out, result, true);
    if (is_chosen(21, 41)) print_html(out, result, {.arguments = {"program"}});
    if (is_chosen(42, 61)) print_junit(out, result, [](const tool::finding& one) { return one.error; });
    if (is_chosen(62, 62)) print_json(out, result);
    if (is_chosen(63, 63)) print_sarif(out, result);
  } catch (const tool::failure&) {
  }
}
