// SPDX-License-Identifier: Apache-2.0
#include "check/exit/file_buffers.hpp"

#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/loaded_symbols.hpp"
#include "check/linux/safe_read.hpp"
#include "check/linux/sleeping.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace curfew::check {
namespace {

/// The C++ library's table of functions of a file buffer; 0: there is no such library.
constinit std::uint64_t buffer_table = 0;

void find_table() noexcept {
  const auto at = reinterpret_cast<std::uint64_t>(any_symbol("_ZTVSt13basic_filebufIcSt11char_traitsIcEE"));
  buffer_table = at == 0 ? 0 : at + 16;
}

/// Those that have been told: many words point to one.
constexpr unsigned max_told = 64;
constinit std::uint64_t told[max_told]{};
constinit unsigned told_count = 0;

void look_at_buffer(std::uint64_t buffer, int index) noexcept {
  // The table's pointer, then the area for input, then begin and place of the area for output.
  std::uint64_t words[7];
  if (!read_safely(buffer, words, sizeof words) || words[0] != buffer_table || words[5] <= words[4]) return;
  if (told_count == max_told || std::find(told, told + told_count, buffer) != told + told_count) return;
  told[told_count++] = buffer;
  emit(output_left{.buffer = buffer, .bytes = words[5] - words[4]}, index);
}

/// What a word may point to: a stream, or an object that has one among its first members.
constexpr std::uint64_t words_of_object = 64;

bool may_be_pointer(std::uint64_t word) noexcept {
  return word > 0x10000 && word < (std::uint64_t{1} << 47) && word % 8 == 0;
}

/// Threads of a pool point to the same, and to what lies beside it: each place is looked at once. A hash that forgets.
constexpr unsigned max_seen = 4096;
constinit std::uint64_t seen[max_seen]{};

bool is_new(std::uint64_t at) noexcept {
  auto& place = seen[(at >> 3) * 0x9e3779b97f4a7c15ULL >> 52];
  return place != at && (place = at, true);
}

void look_at_object(std::uint64_t at, int index) noexcept {
  if (!is_new(at)) return;
  std::uint64_t words[words_of_object];
  std::uint64_t count = words_of_object;
  // It may end before that, at the end of what is mapped.
  while (count != 0 && !read_safely(at, words, count * sizeof *words)) count /= 2;
  for (std::uint64_t i = 0; i < count; ++i)
    if (words[i] == buffer_table) look_at_buffer(at + i * sizeof *words, index);
}

/// The closure that the thread was started with: what it has captured.
void look_at_closure(int index) noexcept {
  constexpr std::uint64_t captured = 16;
  const std::uint64_t argument = record->threads[index].argument;
  std::uint64_t words[captured];
  if (!may_be_pointer(argument) || !read_safely(argument, words, sizeof words)) return;
  look_at_object(argument, index);
  for (const std::uint64_t word : words)
    if (may_be_pointer(word)) look_at_object(word, index);
}

}  // namespace

/// The part of a thread's stack that is in use; nothing for a thread that runs or whose stack is not known.
bool stack_in_use(pid_t tid, int index, std::uint64_t& from, std::uint64_t& to) noexcept {
  if (!is_proc_ours()) return false;
  char path[64], text[256];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
  const long length = read_small_file(path, text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = '\0';
  // "nr a0 a1 a2 a3 a4 a5 sp pc"
  unsigned blanks = 0;
  const char* at = text;
  for (; *at != '\0' && blanks < 7; ++at) blanks += *at == ' ';
  if (blanks != 7) return false;
  from = std::strtoull(at, nullptr, 16);
  const std::uint64_t handle = record->threads[index].handle;
  if (handle > from && handle - from < (std::uint64_t{64} << 20)) {
    to = handle;  // the C library has its record of a thread on top of the stack
  } else {
    to = from + 16384;
  }
  to = std::min(to, from + (std::uint64_t{256} << 10));
  return from != 0;
}

void look_at_file_buffers() noexcept {
  find_table();
  told_count = 0;
  std::fill_n(seen, max_seen, 0);
  if (buffer_table == 0) return;
  for_each_other(
      [](pid_t tid, int index, void*) {
        look_at_closure(index);
        std::uint64_t from = 0, to = 0;
        if (!stack_in_use(tid, index, from, to)) return;
        std::uint64_t words[512];
        for (std::uint64_t at = from & ~std::uint64_t{7}; at < to; at += sizeof words) {
          const std::uint64_t count = std::min<std::uint64_t>(sizeof words, to - at) / sizeof *words;
          if (!read_safely(at, words, count * sizeof *words)) break;
          for (std::uint64_t i = 0; i < count; ++i) {
            if (words[i] == buffer_table)
              look_at_buffer(at + i * sizeof *words, index);
            else if (may_be_pointer(words[i]) && (words[i] < from || words[i] >= to))
              look_at_object(words[i], index);
          }
        }
      },
      nullptr);
}

void look_at_registers(int index, const std::uint64_t* words, unsigned count) noexcept {
  if (buffer_table == 0 || index < 0) return;
  for (unsigned i = 0; i < count; ++i)
    if (may_be_pointer(words[i])) look_at_object(words[i], index);
}

}  // namespace curfew::check
