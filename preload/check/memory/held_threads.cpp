// SPDX-License-Identifier: Apache-2.0
#include "check/memory/held_threads.hpp"

#include "check/facts/exiting.hpp"
#include "check/facts/giving_time.hpp"
#include "check/facts/object_sizes.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/safe_read.hpp"
#include "check/memory/arrays.hpp"
#include "check/memory/closing.hpp"
#include "check/memory/pages.hpp"

#include <linux/futex.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstring>

namespace curfew::check {
namespace {

/// What is being destroyed. `held_word`: 1 while threads that access it are held.
constinit std::atomic<std::uint64_t> dying_begin{0}, dying_size{0};
constinit std::atomic<std::uint32_t> held_word{0}, held_count{0};
constinit std::atomic<bool> allowed{false}, behind_reads{false};
/// Where threads are held: anywhere in the writable data of the object's module.
constinit std::atomic<std::uint64_t> guarded_begin{0}, guarded_end{0};
/// What the threads that are held were about to use, and what was there.
struct held_access {
  std::uint64_t address, value;
  int thread;
  call_stack stack;
};
constexpr unsigned max_held = 16;
constinit held_access held[max_held]{};
constinit std::atomic<unsigned> held_accesses{0};

/// Is somebody held who accesses that address, as long as nothing dead lies there?
bool is_guarded(std::uint64_t address) noexcept {
  const std::uint64_t begin = guarded_begin.load();
  if (begin == 0 || address < begin || address >= guarded_end.load() || is_exiting_thread()) return false;
  if (held_word.load() == 0) return false;
  dead_range dead;
  return !dead_range_at(address, dead);  // of an earlier destructor: that is to be told
}

/// Does it lead to memory that an allocator may have given out?
bool leads_to_a_block(std::uint64_t value) noexcept {
  constexpr std::uint64_t lowest = 1U << 16, alignment = 16;
  std::uint64_t word = 0;
  return value >= lowest && value % alignment == 0 && !is_in_a_module(value) && read_safely(value, &word, sizeof word);
}

void call_futex(std::atomic<std::uint32_t>& word, int what, std::uint32_t value) noexcept {
  kernel_call(SYS_futex, &word, what | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

/// What is there: as much as the address is aligned to, and not beyond the variable.
std::uint64_t value_at(std::uint64_t address) noexcept {
  std::uint64_t length = std::min<std::uint64_t>(address & ~(address - 1), sizeof(std::uint64_t)), begin = 0, size = 0;
  if (object_around(address, begin, size)) length = std::min(length, begin + size - address);
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), length);
  return value;
}

void wait_until_destroyed() noexcept {
  held_count.fetch_add(1);
  while (held_word.load() == 1) call_futex(held_word, FUTEX_WAIT, 1);
  held_count.fetch_sub(1);
}

void hold_in(const memory_range& range, bool behind) noexcept {
  reserve_pages(range.begin, range.end - range.begin);
  held_accesses.store(0);
  behind_reads.store(behind);
  guarded_end.store(range.end);
  guarded_begin.store(range.begin);
  held_word.store(1);
  close_pages(range.begin, range.end - range.begin);
  give_time(1000, 250);
  open_pages(range.begin, range.end - range.begin);
  // What was dead before stays closed.
  close_dead_ranges(range.begin, range.end - range.begin);
}

}  // namespace

object_range object_in_destruction() noexcept { return {dying_begin.load(), dying_size.load()}; }

void begin_destruction(const object_range& object) noexcept {
  dying_size.store(object.size);
  dying_begin.store(object.begin);
}

void allow_holding() noexcept { allowed.store(true); }
void forbid_holding() noexcept { allowed.store(false); }

void hold_others(const object_range& object) noexcept {
  if (!allowed.load()) return;
  auto range = writable_data_around(object.begin);
  if (range.end == 0) range = {object.begin, object.begin + object.size};
  hold_in(range, false);
  const unsigned count = std::min(held_accesses.load(), max_held);
  for (unsigned i = 0; i < count; ++i) held[i].value = value_at(held[i].address);
}

void hold_readers(const memory_range& data) noexcept {
  if (allowed.load()) hold_in(data, true);
}

void stop_holding() noexcept {
  dying_begin.store(0);
  guarded_begin.store(0);
}

void forget_held() noexcept { held_accesses.store(0); }

void end_destruction() noexcept {
  held_word.store(0);
  call_futex(held_word, FUTEX_WAKE, INT_MAX);
}

// A counter or a flag that it has changed is what the program is made of; but an object without data has its state in
// such.
void tell_changed(int event, std::uint64_t object_size) noexcept {
  const unsigned count = std::min(held_accesses.load(), max_held);
  for (unsigned i = 0; i < count && event >= 0; ++i) {
    const std::uint64_t before = held[i].value;
    dead_range who, block;
    if (dead_range_at(held[i].address, who) || value_at(held[i].address) == before) continue;
    const bool freed = before != 0 && dead_range_at(before, block) && block.heap && block.destructor == event;
    if (!freed && object_size != 1) continue;
    emit(variable_changed{.address = held[i].address, .destructor = event, .freed = freed ? 1U : 0U}, held[i].thread,
         held[i].stack);
  }
  held_accesses.store(0);
}

bool hold_until_destroyed(std::uint64_t address, const void* context) noexcept {
  if (behind_reads.load() || !is_guarded(address)) return false;
  const unsigned place = held_accesses.fetch_add(1);
  if (place < max_held) {
    held[place].address = address;
    held[place].thread = current_thread();
    walk(held[place].stack, context);
  }
  wait_until_destroyed();
  return true;
}

bool is_held_behind(std::uint64_t address, bool write) noexcept {
  if (write || address % sizeof(std::uint64_t) != 0 || !behind_reads.load() || !is_guarded(address)) return false;
  return leads_to_a_block(*reinterpret_cast<const volatile std::uint64_t*>(address));
}

void hold_behind_read() noexcept { wait_until_destroyed(); }

void release_held() noexcept {
  if (held_word.load() == 0) return;
  open_pages(dying_begin.load(), dying_size.load());
  stop_watching_array();
  held_accesses.store(0);
  end_destruction();
}

bool somebody_is_held() noexcept { return held_count.load() != 0; }

}  // namespace curfew::check
