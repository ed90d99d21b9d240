// SPDX-License-Identifier: Apache-2.0
#include "check/exit/destructors.hpp"

#include "check/exit/exit_watch.hpp"
#include "check/exit/registrations.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/giving_time.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/facts/time_spent.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/safe_read.hpp"
#include "check/memory/arrays.hpp"
#include "check/memory/closing.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/held_threads.hpp"
#include "check/memory/own_accesses.hpp"
#include "check/memory/pages.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace curfew::check {
namespace {

/// So many words of an object are looked at for what they point to.
constexpr std::uint64_t max_content = 64;

void call_timed(void (*function)(void*), void* argument, destructor_ran* told) {
  const time_spent before = read_time_spent();
  function(argument);
  if (told == nullptr) return;
  const time_spent after = read_time_spent();
  told->asleep_ns = asleep_between(before, after);
  told->on_cpu_ns = after.on_cpu_ns - before.on_cpu_ns;
  told->ended_ns = after.at_ns;
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
  watch_again();
  const int before = running_destructor.load();
  auto begin = reinterpret_cast<std::uint64_t>(argument);
  std::uint64_t size = what.size;
  bool watched = false, readers_held = false;
  const int event =
      emit(destructor_ran{.function = reinterpret_cast<std::uint64_t>(function), .object = begin, .size = size},
           current_thread());
  auto* const told = written<destructor_ran>(event);
  running_destructor.store(event);
  note_step();
  std::uint64_t content[max_content];
  const std::uint64_t words = std::min<std::uint64_t>(size / 8, max_content);
  if (size != 0) {
    reserve_pages(begin, size);
    begin_destruction({begin, size});
    if (!is_alone()) hold_others({begin, size});
    std::copy_n(static_cast<const std::uint64_t*>(argument), words, content);
    if (what.guessed) {
      measure_own_accesses(begin, size);
      close_pages(begin, size);
    }
  } else if (what.array.end != 0 && !is_alone()) {
    hold_others({what.array.begin, what.array.end - what.array.begin});
    watch_array_destructor(what.array);
    watched = true;
  } else if (const auto data = writable_data_of(reinterpret_cast<std::uint64_t>(function)); data.end != 0) {
    readers_held = !is_alone();
    if (readers_held) hold_readers(data);
  }
  const std::uint32_t freed_before = freed_count();
  call_timed(function, argument, told);
  note_step();
  destroyed_array array;
  if (watched) {
    array = find_destroyed_array(event);
    begin = array.begin;
    size = array.size;
    if (told != nullptr && size != 0) {
      told->object = begin;
      told->size = size;
      told->owns = array.owns ? 1 : 0;
    }
  }
  if (size != 0) {
    own_accesses own;
    if (what.guessed) {
      own = end_own_accesses();
      open_pages(begin, size);
      size = own.size;
      if (told != nullptr) {
        told->size = size;
        told->guessed = 1;
      }
    }
    // Another thread may have changed it meanwhile: where it is known what the destructor itself did, that decides.
    const bool own_kept = watched ? !array.written : what.guessed && !own.written;
    const bool unchanged = own_kept || (!watched && std::memcmp(argument, content, std::min(size / 8, words) * 8) == 0);
    if (told != nullptr && freed_count() == freed_before && unchanged) told->harmless = 1;
    stop_holding();
    settle({begin, size, event, 0, false});
    tell_changed(event, size);
    close_pages(begin, size);
    end_destruction();
    dead_range block;
    for (std::uint64_t i = 0; i < words && told != nullptr; ++i)
      if (block_at(content[i], block) && block.destructor == event) told->owns = 1;
  } else if (watched) {
    stop_holding();
    forget_held();
    end_destruction();
  }
  close_freed();
  if (readers_held) {
    stop_holding();
    end_destruction();
  }
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
  const int event = emit(destructor_ran{.function = reinterpret_cast<std::uint64_t>(function),
                                        .object = reinterpret_cast<std::uint64_t>(argument),
                                        .size = sizeof(std::uint64_t),
                                        .of_thread = 1},
                         current_thread());
  auto* const told = written<destructor_ran>(event);
  running_destructor.store(event);
  note_step();
  const std::uint32_t freed_before = freed_count();
  call_timed(function, argument, told);
  note_step();
  if (freed_count() != freed_before) {
    for (std::uint64_t i = 0; i < max_content; ++i) {
      const auto at = reinterpret_cast<std::uint64_t>(argument) + i * sizeof(std::uint64_t);
      std::uint64_t word = 0;
      dead_range block;
      if (!read_safely(at, &word, sizeof word)) break;
      if (!block_at(word, block) || block.destructor != event) continue;
      const std::uint64_t pattern = pattern_for(word);
      __builtin_memcpy(reinterpret_cast<void*>(at), &pattern, sizeof pattern);
      if (told != nullptr) told->owns = 1;
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
  registration* const what = new_registration(function, argument);
  if (what == nullptr) return real_cxa_atexit(function, argument, module);
  if (exiting())
    if (const std::uint64_t size = measure_late(*what); argument != nullptr)
      note_registration(reinterpret_cast<std::uint64_t>(argument), size);
  return real_cxa_atexit(&run, what, module);
}

}  // namespace curfew::check
