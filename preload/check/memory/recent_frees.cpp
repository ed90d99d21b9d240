// SPDX-License-Identifier: Apache-2.0
#include "check/memory/recent_frees.hpp"

#include "check/facts/recorder.hpp"
#include "check/linux/c_library.hpp"
#include "check/memory/freed.hpp"

#include <algorithm>
#include <cstddef>

namespace curfew::check {

constinit std::atomic<const void*> frees_late{nullptr};

namespace {

constexpr unsigned capacity = 256;
/// Larger ones are given back at once: a program that frees them counts on that.
constexpr std::size_t largest = std::size_t{256} << 10, most_bytes = std::size_t{4} << 20;

struct late_block {
  void* block;
  std::size_t size;
};
// All of the one thread's.
constinit late_block blocks[capacity]{};
constinit unsigned first = 0, count = 0;
/// Other threads ask for it.
constinit std::atomic<std::size_t> bytes{0};
/// A handler of a signal that frees finds this true.
constinit std::atomic<bool> busy{false};
using release_function = void(void*) noexcept;
constinit release_function* give_back = nullptr;

late_block take_oldest() noexcept {
  const late_block oldest = blocks[first];
  first = (first + 1) % capacity;
  --count;
  bytes.store(bytes.load(std::memory_order_relaxed) - oldest.size, std::memory_order_relaxed);
  return oldest;
}

}  // namespace

void prepare_late_frees(void (*release)(void*) noexcept, bool allowed) noexcept {
  if (allowed) give_back = release;
}

void begin_late_frees() noexcept {
  if (give_back != nullptr) frees_late.store(__builtin_thread_pointer(), std::memory_order_relaxed);
}

bool free_late(void* block) noexcept {
  const std::size_t size = usable_size(block);
  if (size > largest || busy.load(std::memory_order_relaxed)) return false;
  busy.store(true, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const auto is_full = [&] { return count == capacity || bytes.load(std::memory_order_relaxed) + size > most_bytes; };
  while (count != 0 && is_full()) give_back(take_oldest().block);
  blocks[(first + count) % capacity] = {block, size};
  ++count;
  bytes.store(bytes.load(std::memory_order_relaxed) + size, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  busy.store(false, std::memory_order_relaxed);
  return true;
}

std::size_t give_late_frees_back() noexcept {
  if (frees_late.load(std::memory_order_relaxed) == nullptr) return 0;
  if (!frees_are_late() || busy.exchange(true)) return bytes.load(std::memory_order_relaxed);
  while (count != 0) give_back(take_oldest().block);
  busy.store(false);
  return 0;
}

void end_late_frees(int event) noexcept {
  if (frees_late.exchange(nullptr) == nullptr || event < 0) return;
  const int before = running_destructor.exchange(event);
  while (count != 0) {
    const late_block one = take_oldest();
    if (!keep_freed(one.block)) give_back(one.block);
  }
  running_destructor.store(before);
}

}  // namespace curfew::check
