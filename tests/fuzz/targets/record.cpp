// SPDX-License-Identifier: Apache-2.0
// The record that a program leaves behind: whatever stands in it, it is read, interpreted and printed. Each form takes
// a fifth of the time, so an input's length chooses one.
//
// An input is a list of pieces: which part of the record, its index, an offset in it, a length, and the bytes.
#include "check/findings/fold.hpp"
#include "check/findings/interpret.hpp"
#include "check/output/output.hpp"
#include "failure.hpp"
#include "harness.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <sstream>

namespace {

using namespace curfew;

void put(int file, std::size_t at, const void* bytes, std::size_t size) {
  if (::pwrite(file, bytes, size, static_cast<off_t>(at)) != static_cast<ssize_t>(size)) std::abort();
}

constexpr std::uint32_t some_threads = 32, some_events = 256;
constexpr std::size_t some_text = std::size_t{1} << 16;

/// What is behind the pieces is empty, but to look through all of it, megabytes, takes most of a second.
template <class Number>
void bound(int file, std::size_t at, Number most) {
  Number value{};
  if (::pread(file, &value, sizeof value, static_cast<off_t>(at)) != sizeof value) std::abort();
  if (value > most) put(file, at, &most, sizeof most);
}

void write_pieces(int file, fuzz::reader from) {
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
    put(file, begin + at, bytes.data(), bytes.size());
  }
  bound(file, offsetof(check::record_file, thread_count), some_threads);
  bound(file, offsetof(check::record_file, event_count), some_events);
  bound(file, offsetof(check::record_file, text_used), std::uint64_t{some_text});
}

}  // namespace

CURFEW_FUZZ_TARGET(record) {
  static const fuzz::memory_file file;
  file.set({});
  if (::ftruncate(file.descriptor(), sizeof(check::record_file)) != 0) std::abort();
  write_pieces(file.descriptor(), fuzz::reader(input));
  put(file.descriptor(), 0, &check::record_magic, sizeof check::record_magic);
  put(file.descriptor(), offsetof(check::record_file, version), &check::record_version, sizeof check::record_version);
  try {
    tool::record_view view{file.path()};
    const tool::check_result result = tool::interpret(view, "program", {.status = 3});
    std::ostringstream out;
    const auto is_chosen = [&](unsigned form) { return fuzz::do_everything || input.size() % 5 == form; };
    if (is_chosen(0)) print_text(out, result, true);
    if (is_chosen(1)) print_json(out, result);
    if (is_chosen(2)) print_junit(out, result, [](const tool::finding& one) { return one.error; });
    if (is_chosen(3)) print_sarif(out, result);
    if (is_chosen(4)) print_html(out, result, {.arguments = {"program"}});
  } catch (const tool::failure&) {
  }
}
