// SPDX-License-Identifier: Apache-2.0
#include "check/memory/freed.hpp"

#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/safe_read.hpp"
#include "check/memory/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>

namespace curfew::check {
namespace {

constexpr std::uint32_t max_blocks = 1U << 20;
constexpr std::uint64_t max_bytes = std::uint64_t{512} << 20, overwritten = std::uint64_t{1} << 20;
/// No address: the upper bits are no sign extension. The block's number is above what offsets reach.
constexpr std::uint64_t pattern = 0x6be0'0000'0000'0000, number_shift = 20;

constinit freed_block* blocks = nullptr;
constinit std::atomic<std::uint32_t> block_count{0};
constinit std::uint64_t bytes = 0;
/// Who frees makes progress; but a destructor that allocates and frees for ever does not.
constinit std::uint32_t steps_left = 1U << 23;

bool have_blocks() noexcept {
  if (blocks != nullptr) return true;
  void* const at = ::mmap(nullptr, max_blocks * sizeof(freed_block), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return false;
  blocks = static_cast<freed_block*>(at);
  return true;
}

/// The lowest byte is not 0: a flag that is read is set, a mutex is locked, as freed memory of an allocator has it.
/// Words differ, so that a vector inside the block is not empty, above the bits that say what kind of mutex it is.
std::uint64_t pattern_of(std::uint32_t index, std::uint64_t word) noexcept {
  constexpr std::uint64_t word_limit = 1U << (number_shift - 2);  // offsets that are added still have room
  return pattern | (std::uint64_t{index} << number_shift) | (word * 1024 % word_limit) | 1;
}

/// The thread whose start was given a pointer to the block, by itself or in what the pointer leads to (a closure).
int given_to(const freed_block& block) noexcept {
  const auto points_into = [&](std::uint64_t word) { return word >= block.begin && word < block.begin + block.size; };
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  int found = -1;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& one = record->threads[i];
    if (one.argument == 0 || one.pid != ::getpid() || (one.state.load() & thread_record::ended) != 0) continue;
    std::uint64_t words[8] = {};
    read_safely(one.argument, words, sizeof words);
    if (!points_into(one.argument) && std::none_of(std::begin(words), std::end(words), points_into)) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(i);
  }
  return found;
}

void note_freed_twice(const dead_range& known) noexcept {
  call_stack stack;
  walk(stack);
  emit(freed_twice{.block = known.begin, .size = known.size, .destructor = known.destructor}, current_thread(), stack);
}

}  // namespace

bool keep_freed(void* given) noexcept {
  const auto begin = reinterpret_cast<std::uint64_t>(given);
  dead_range known;
  const std::uint32_t index = block_count.load();
  const bool exits = is_exiting_thread();
  if (exits && steps_left != 0) {
    --steps_left;
    note_step();
  }
  const std::uint64_t size = exits && have_blocks() && index < max_blocks ? usable_size(given) : 0;
  if (size == 0 || bytes + size > max_bytes) {
    if (!block_at(begin, known)) return false;
    note_freed_twice(known);
    return true;
  }
  const int destructor = running_destructor.load();
  if (!settle_block({begin, size, destructor, index, true}, known)) {
    note_freed_twice(known);
    return true;
  }
  bytes += size;
  blocks[index] = {begin, size, destructor};
  auto* const words = static_cast<std::uint64_t*>(given);
  const std::uint64_t length = std::min(size, overwritten) / sizeof(std::uint64_t);
  for (std::uint64_t k = 0; k < length; ++k) words[k] = pattern_of(index, k);
  block_count.store(index + 1);
  return true;
}

std::uint32_t freed_count() noexcept { return block_count.load(); }

void close_freed() noexcept { close_dead_pages(); }

bool block_of_pattern(std::uint64_t value, freed_block& to) noexcept {
  // What is below the pattern may be an offset that was subtracted.
  const std::uint64_t near = value + (std::uint64_t{1} << (number_shift - 1));
  if (near >> 52 != pattern >> 52) return false;
  const std::uint64_t index = (near & ((std::uint64_t{1} << 52) - 1)) >> number_shift;
  if (index >= block_count.load()) return false;
  to = blocks[index];
  return true;
}

std::uint64_t pattern_for(std::uint64_t begin) noexcept {
  dead_range block;
  return begin != 0 && block_at(begin, block) && block.heap ? pattern_of(block.index, 0) : 0;
}

void look_for_writes() noexcept {
  const std::uint32_t count = block_count.load();
  unsigned said = 0;
  for (std::uint32_t i = 0; i < count && said < 20; ++i) {
    const auto* const words = reinterpret_cast<const std::uint64_t*>(blocks[i].begin);
    const std::uint64_t length = std::min(blocks[i].size, overwritten) / sizeof(std::uint64_t);
    for (std::uint64_t k = 0; k < length; ++k) {
      if (words[k] == pattern_of(i, k)) continue;
      emit(freed_written{.address = blocks[i].begin + k * sizeof(std::uint64_t),
                         .block = blocks[i].begin,
                         .size = blocks[i].size,
                         .destructor = blocks[i].destructor,
                         .given_to = given_to(blocks[i])});
      ++said;
      break;
    }
  }
}

}  // namespace curfew::check
