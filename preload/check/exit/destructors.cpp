// SPDX-License-Identifier: Apache-2.0
#include "check/exit/destructors.hpp"

#include "check/exit/exit_watch.hpp"
#include "check/exit/held_resources.hpp"
#include "check/facts/calls.hpp"
#include "check/facts/object_sizes.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/memory/arrays.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/pages.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace curfew::check {
namespace {

struct registration {
  void (*function)(void*);
  void* argument;
  std::uint64_t size;
  bool guessed;        ///< the size is how far it may reach at most
  memory_range array;  ///< of a function that destroys an array: where that lies
};

constexpr std::uint32_t max_registrations = 1U << 16;
constinit registration registrations[max_registrations]{};
constinit std::atomic<std::uint32_t> registered{0};

/// What is being destroyed. `held_word`: 1 while threads that access it are held.
constinit std::atomic<std::uint64_t> dying_begin{0}, dying_size{0};
constinit std::atomic<std::uint32_t> held_word{0}, held_count{0};
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
/// Of an object of unknown size: its address while its destructor runs, and which of its bytes that has accessed.
constexpr std::uint64_t max_measured = 2048;
constinit std::atomic<std::uint64_t> measured{0};
constinit bool accessed[max_measured];
constinit bool written = false;
/// So many words of an object are looked at for what they point to.
constexpr std::uint64_t max_content = 64;
constinit std::atomic<std::uint64_t> progress{0};
constinit std::atomic<std::uint64_t> time_given_us{0};
/// The exiting thread sleeps so that others run; it waits for nobody.
constinit std::atomic<bool> giving_time{false};
constexpr std::uint64_t time_budget_us = 1'000'000;

void call_futex(std::atomic<std::uint32_t>& word, int what, std::uint32_t value) noexcept {
  kernel_call(SYS_futex, &word, what | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

void sleep_us(std::uint64_t us) noexcept {
  timespec left{static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000) * 1000};
  kernel_call(SYS_nanosleep, &left, nullptr);
}

void end_destruction() noexcept {
  held_word.store(0);
  call_futex(held_word, FUTEX_WAKE, INT_MAX);
}

/// How far the destructor's own accesses say that the object reaches: what lies far behind the others is another's.
std::uint64_t reach(std::uint64_t begin) noexcept {
  constexpr std::uint64_t most_between = 128;
  std::uint64_t end = 1;
  for (std::uint64_t i = 0; i < max_measured && i <= end + most_between; ++i) {
    // How much was accessed is not known: as much as the address is aligned to.
    const std::uint64_t at = begin + i;
    if (accessed[i]) end = i + std::min<std::uint64_t>(at & ~(at - 1), 8);
  }
  return std::min<std::uint64_t>(end, dying_size.load());
}

/// What is there: as much as the address is aligned to, and not beyond the variable.
std::uint64_t value_at(std::uint64_t address) noexcept {
  std::uint64_t length = std::min<std::uint64_t>(address & ~(address - 1), sizeof(std::uint64_t)), begin = 0, size = 0;
  if (object_around(address, begin, size)) length = std::min(length, begin + size - address);
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), length);
  return value;
}

/// Before the destructor: whoever uses the module's data from now on is held where it does so.
void hold_others(std::uint64_t begin, std::uint64_t size) noexcept {
  auto range = writable_data_around(begin);
  if (range.end == 0) range = {begin, begin + size};
  reserve_pages(range.begin, range.end - range.begin);
  held_accesses.store(0);
  guarded_end.store(range.end);
  guarded_begin.store(range.begin);
  held_word.store(1);
  close_pages(range.begin, range.end - range.begin);
  give_time(1000, 250);
  open_pages(range.begin, range.end - range.begin);
  // What was dead before stays closed.
  close_dead_ranges(range.begin, range.end - range.begin);
  const unsigned count = std::min(held_accesses.load(), max_held);
  for (unsigned i = 0; i < count; ++i) held[i].value = value_at(held[i].address);
}

/// After it: has it freed what a thread was about to reach by a pointer, and changed the pointer? A counter or a flag
/// that it has changed is what the program is made of; but an object without data has its state in such.
void tell_changed(int event, std::uint64_t object_size) noexcept {
  const unsigned count = std::min(held_accesses.load(), max_held);
  for (unsigned i = 0; i < count && event >= 0; ++i) {
    const std::uint64_t before = held[i].value;
    dead_range who, block;
    if (dead_range_at(held[i].address, who) || value_at(held[i].address) == before) continue;
    const bool freed = before != 0 && dead_range_at(before, block) && block.heap && block.destructor == event;
    if (!freed && object_size != 1) continue;
    emit({.kind = event_kind::changed_under,
          .a = held[i].address,
          .b = freed ? 1U : 0U,
          .thread = held[i].thread,
          .other = event,
          .stack = held[i].stack.frames,
          .stack_count = held[i].stack.count});
  }
  held_accesses.store(0);
}

/// In place of the destructor: the same, with everything around it.
void run(void* given) {
  auto& what = *static_cast<registration*>(given);
  const auto function = what.function;
  void* const argument = what.argument;
  // A library that is closed while the program goes on: nothing to look for, its memory goes away.
  if (!exiting() && !begin_exit_by_handler()) {
    what.function = nullptr;
    return function(argument);
  }
  const int before = running_destructor.load();
  auto begin = reinterpret_cast<std::uint64_t>(argument);
  std::uint64_t size = what.size;
  bool watched = false;
  const int event = emit({.kind = event_kind::destructor,
                          .a = reinterpret_cast<std::uint64_t>(function),
                          .b = begin,
                          .c = size,
                          .thread = current_thread()});
  running_destructor.store(event);
  progress.fetch_add(1);
  std::uint64_t content[max_content];
  const std::uint64_t words = std::min<std::uint64_t>(size / 8, max_content);
  if (size != 0) {
    reserve_pages(begin, size);
    dying_size.store(size);
    dying_begin.store(begin);
    if (!is_alone()) hold_others(begin, size);
    std::copy_n(static_cast<const std::uint64_t*>(argument), words, content);
    if (what.guessed) {
      std::fill(std::begin(accessed), std::end(accessed), false);
      written = false;
      measured.store(begin);
      close_pages(begin, size);
    }
  } else if (what.array.end != 0 && !is_alone()) {
    hold_others(what.array.begin, what.array.end - what.array.begin);
    watch_array_destructor(what.array);
    watched = true;
  }
  const std::uint32_t freed_before = freed_count();
  function(argument);
  if (event >= 0) record->events[event].d = now_ns();
  progress.fetch_add(1);
  destroyed_array array;
  if (watched) {
    array = find_destroyed_array(event);
    begin = array.begin;
    size = array.size;
    if (event >= 0 && size != 0) {
      record->events[event].b = begin;
      record->events[event].c = size;
      if (array.owns) record->events[event].role |= destructor_owns;
    }
  }
  if (size != 0) {
    if (what.guessed) {
      measured.store(0);
      open_pages(begin, size);
      size = reach(begin);
      if (event >= 0) {
        record->events[event].c = size;
        record->events[event].role |= destructor_guessed;
      }
    }
    // Another thread may have changed it meanwhile: where it is known what the destructor itself did, that decides.
    const bool own_kept = watched ? !array.written : what.guessed && !written;
    const bool unchanged = own_kept || (!watched && std::memcmp(argument, content, std::min(size / 8, words) * 8) == 0);
    if (event >= 0 && freed_count() == freed_before && unchanged) record->events[event].role |= destructor_harmless;
    dying_begin.store(0);
    guarded_begin.store(0);
    settle({begin, size, event, 0, false});
    tell_changed(event, size);
    close_pages(begin, size);
    end_destruction();
    dead_range block;
    for (std::uint64_t i = 0; i < words && event >= 0; ++i)
      if (block_at(content[i], block) && block.destructor == event) record->events[event].role |= destructor_owns;
  } else if (watched) {
    guarded_begin.store(0);
    held_accesses.store(0);
    end_destruction();
  }
  close_freed();
  running_destructor.store(before);
  if (!is_alone()) give_time(200, 10);
}

/// A thread_local object.
struct thread_registration {
  void (*function)(void*);
  void* argument;
};

/// In place of its destructor. Its pages hold much else that lives on (errno), so they are not closed; what it leaves
/// behind are pointers to memory that it has freed, and those can only be used wrongly.
void run_of_thread(void* given) {
  auto* const what = static_cast<thread_registration*>(given);
  const auto function = what->function;
  void* const argument = what->argument;
  if (!is_exiting_thread()) {
    std::free(given);
    return function(argument);
  }
  const int before = running_destructor.load();
  const int event = emit({.kind = event_kind::destructor,
                          .a = reinterpret_cast<std::uint64_t>(function),
                          .b = reinterpret_cast<std::uint64_t>(argument),
                          .c = sizeof(std::uint64_t),
                          .thread = current_thread(),
                          .role = destructor_of_thread});
  running_destructor.store(event);
  progress.fetch_add(1);
  const std::uint32_t freed_before = freed_count();
  function(argument);
  progress.fetch_add(1);
  if (event >= 0) record->events[event].d = now_ns();
  if (freed_count() != freed_before) {
    for (std::uint64_t i = 0; i < max_content; ++i) {
      const auto at = reinterpret_cast<std::uint64_t>(argument) + i * sizeof(std::uint64_t);
      std::uint64_t word = 0;
      dead_range block;
      if (!read_safely(at, &word, sizeof word)) break;
      if (!block_at(word, block) || block.destructor != event) continue;
      const std::uint64_t pattern = pattern_for(word);
      __builtin_memcpy(reinterpret_cast<void*>(at), &pattern, sizeof pattern);
      if (event >= 0) record->events[event].role |= destructor_owns;
    }
  }
  running_destructor.store(before);
}

}  // namespace

int register_thread_destructor(void (*function)(void*), void* argument, void* module) noexcept {
  auto* const what =
      record == nullptr ? nullptr : static_cast<thread_registration*>(std::malloc(sizeof(thread_registration)));
  if (what == nullptr) return real_thread_atexit(function, argument, module);
  *what = {function, argument};
  return real_thread_atexit(&run_of_thread, what, module);
}

int register_destructor(void (*function)(void*), void* argument, void* module) noexcept {
  if (record == nullptr || function == nullptr) return real_cxa_atexit(function, argument, module);
  std::uint32_t index = registered.load();
  do {
    if (index >= max_registrations) {
      // Programs that open and close libraries for ever: take the place of one that has run.
      index = 0;
      while (index < max_registrations && registrations[index].function != nullptr) ++index;
      if (index == max_registrations) return real_cxa_atexit(function, argument, module);
      break;
    }
  } while (!registered.compare_exchange_weak(index, index + 1));
  auto& what = registrations[index];
  what = {function, argument, 0, false, {0, 0}};
  if (exiting() && argument == nullptr) {
    what.array = data_of_array_destructor(reinterpret_cast<std::uint64_t>(function));
  } else if (exiting()) {
    std::uint64_t size = 0, limit = 0;
    measure_object(reinterpret_cast<std::uint64_t>(argument), size, limit);
    what.size = size == unknown_size ? std::min<std::uint64_t>(limit, 24) : size;
    note_registration(reinterpret_cast<std::uint64_t>(argument), size);
  }
  return real_cxa_atexit(&run, &what, module);
}

void measure_objects() noexcept {
  const std::uint32_t count = std::min(registered.load(), max_registrations);
  load_object_sizes();
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& what = registrations[i];
    if (what.function == nullptr) continue;
    if (what.argument == nullptr) {
      what.array = data_of_array_destructor(reinterpret_cast<std::uint64_t>(what.function));
      continue;
    }
    const auto begin = reinterpret_cast<std::uint64_t>(what.argument);
    std::uint64_t limit = 0;
    measure_object(begin, what.size, limit);
    if (what.size != unknown_size) continue;
    // Where there is no symbol: at most so much as does not reach into the next object.
    for (std::uint32_t k = 0; k < count; ++k)
      if (const auto other = reinterpret_cast<std::uint64_t>(registrations[k].argument); other > begin)
        limit = std::min(limit, other - begin);
    what.size = std::min(limit, max_measured);
    what.guessed = true;
  }
}

void note_own_access(std::uint64_t address, bool write) noexcept {
  note_array_access(address, write);
  const std::uint64_t begin = measured.load();
  if (begin == 0 || address < begin || address >= begin + std::min(dying_size.load(), max_measured)) return;
  accessed[address - begin] = true;
  written = written || write;
}

bool hold_until_destroyed(std::uint64_t address, const void* context) noexcept {
  const std::uint64_t begin = guarded_begin.load();
  if (begin == 0 || address < begin || address >= guarded_end.load() || is_exiting_thread()) return false;
  if (held_word.load() == 0) return false;
  dead_range dead;
  if (dead_range_at(address, dead)) return false;  // of an earlier destructor: that is to be told
  const unsigned place = held_accesses.fetch_add(1);
  if (place < max_held) {
    held[place].address = address;
    held[place].thread = current_thread();
    walk(held[place].stack, context);
  }
  held_count.fetch_add(1);
  while (held_word.load() == 1) call_futex(held_word, FUTEX_WAIT, 1);
  held_count.fetch_sub(1);
  return true;
}

void release_held() noexcept {
  if (held_word.load() == 0) return;
  open_pages(dying_begin.load(), dying_size.load());
  stop_watching_array();
  held_accesses.store(0);
  end_destruction();
}

bool is_giving_time() noexcept { return giving_time.load(); }

bool somebody_is_held() noexcept { return held_count.load() != 0; }

object_range object_in_destruction() noexcept { return {dying_begin.load(), dying_size.load()}; }

std::uint64_t destructor_progress() noexcept { return progress.load(); }

void give_time(std::uint64_t us, unsigned at_most_ms) noexcept {
  // Less and less, when there are thousands of objects.
  const std::uint64_t given = time_given_us.load();
  if (given >= time_budget_us) return;
  if (given > time_budget_us / 2) us /= 4;
  const std::uint64_t begin = now_ns();
  giving_time.store(true);
  sleep_us(us);
  let_others_run(at_most_ms);
  giving_time.store(false);
  time_given_us.fetch_add((now_ns() - begin) / 1000);
}

}  // namespace curfew::check
