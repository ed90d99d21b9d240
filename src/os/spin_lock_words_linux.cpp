// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/kernel_call.hpp"
#include "os/spin_lock_words_linux.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace curfew::inline v1::detail::os {
namespace {

struct noted_word {
  std::atomic<std::uint64_t> address{0};  ///< 0: the place is free
  std::atomic<std::uint64_t> locked{0};
  std::atomic<unsigned> width{0};  ///< 0: is being noted
  std::atomic<bool> is_sure{false}, was_free{false};
};

/// Filled by signal handlers on any thread. What has no place is looked at as if it had never been free.
constexpr std::size_t most_words = 32;
constinit noted_word words[most_words];

/// What xchg takes is a flag, 1 when it is taken. A whole word that is stored over the lock may be a pointer, of which
/// the lowest bit is the lock: std::atomic<std::shared_ptr>.
spin_lock state_of(const lock_word& word) noexcept {
  constexpr std::uint64_t any = ~std::uint64_t{0}, lowest_bit = 1;
  std::uint64_t value = 0;
  if (!read_memory(word.address, &value, word.width)) return spin_lock::none;
  if (!word.is_sure) return value == 1 ? spin_lock::taken : spin_lock::none;
  if ((value & word.locked) == 0) return spin_lock::none;
  const bool may_be_pointer = word.locked == any && word.width == sizeof(void*);
  return may_be_pointer && (value & lowest_bit) == 0 ? spin_lock::perhaps_taken : spin_lock::taken;
}

noted_word* note_of(const lock_word& word) noexcept {
  for (noted_word& note : words) {
    std::uint64_t is = note.address.load();
    if (is == 0 && note.address.compare_exchange_strong(is, word.address)) {
      note.locked.store(word.locked);
      note.is_sure.store(word.is_sure);
      note.width.store(word.width);
      return &note;
    }
    if (is == word.address) return &note;
  }
  return nullptr;
}

/// Is it taken now?
bool look_again(noted_word& note) noexcept {
  const unsigned width = note.width.load();
  if (width == 0) return false;
  const bool taken =
      state_of({note.address.load(), note.locked.load(), width, note.is_sure.load()}) == spin_lock::taken;
  if (!taken) note.was_free.store(true);
  return taken;
}

}  // namespace

spin_lock look_at(const lock_word& word) noexcept {
  const spin_lock now = state_of(word);
  noted_word* const note = note_of(word);
  if (note == nullptr) return now == spin_lock::none ? now : spin_lock::perhaps_taken;
  if (now != spin_lock::taken) note->was_free.store(true);
  return now == spin_lock::taken && !note->was_free.load() ? spin_lock::perhaps_taken : now;
}

void forget_spin_locks() noexcept {
  for (noted_word& note : words) {
    note.width.store(0);
    note.was_free.store(false);
    note.address.store(0);
  }
}

bool known_spin_lock_is_taken() noexcept {
  bool found = false;
  for (noted_word& note : words)
    if (note.address.load() != 0) found = (look_again(note) && note.was_free.load()) || found;
  return found;
}

// Asked of the kernel by a call that every program with threads may make, also one under seccomp.
bool is_readable(std::uint64_t address) noexcept {
  const timespec now{};
  const auto word = reinterpret_cast<const void*>(address & ~std::uint64_t{3});
  return kernel_call(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, ~0U, &now, nullptr, 0) != -EFAULT;
}

bool read_memory(std::uint64_t from, void* to, std::size_t size) noexcept {
  if (!is_readable(from) || !is_readable(from + size - 1)) return false;
  std::memcpy(to, reinterpret_cast<const void*>(from), size);
  return true;
}

}  // namespace curfew::inline v1::detail::os

#endif
