// SPDX-License-Identifier: Apache-2.0
#include "check/exit/held_resources.hpp"

#include "check/exit/file_buffers.hpp"
#include "check/facts/object_sizes.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/loaded_symbols.hpp"
#include "check/linux/safe_read.hpp"
#include "check/linux/sleeping.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/held_threads.hpp"
#include "check/memory/pages.hpp"
#include "check/memory/unloaded_code.hpp"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace curfew::check {
namespace {

void sleep_ms(unsigned ms) noexcept {
  timespec left{0, static_cast<long>(ms) * 1'000'000};
  kernel_call(SYS_nanosleep, &left, nullptr);
}

/// Streams of the C library that somebody else holds.
void look_at_streams() noexcept {
  struct stream_lock {
    int lock, count;
    void* owner;
  };
  auto* const list = static_cast<FILE**>(any_symbol("_IO_list_all"));
  if (list == nullptr) return;
  FILE* held[64];
  void* owners[64];
  unsigned count = 0;
  const auto owner_of = [](FILE* file) {
    stream_lock lock{};
    read_safely(reinterpret_cast<std::uint64_t>(file->_lock), &lock, sizeof lock);
    return lock.lock != 0 ? lock.owner : nullptr;
  };
  unsigned seen = 0;
  for (FILE* file = *list; file != nullptr && ++seen < 4096 && count < 64; file = file->_chain)
    if (void* const owner = owner_of(file); owner != nullptr) {
      held[count] = file;
      owners[count++] = owner;
    }
  if (count == 0) return;
  sleep_ms(5);
  for (unsigned i = 0; i < count; ++i) {
    const int thread = thread_of(reinterpret_cast<pthread_t>(owners[i]));
    if (thread < 0 || thread == current_thread() || owner_of(held[i]) != owners[i]) continue;
    sleeping in;
    if (!asleep(record->threads[thread].tid, in)) continue;  // it is at work, and will give it back
    emit(stream_held{
        .stream = reinterpret_cast<std::uint64_t>(held[i]), .descriptor = held[i]->_fileno, .holder = thread});
  }
}

/// Mutexes among the statics that a sleeping thread holds. They are known by their form: locked, with an owner that
/// lives and that has it once, of a usual kind.
void look_at_locks() noexcept {
  struct mutex_form {
    int lock;
    unsigned count;
    int owner;
    unsigned users;
    int kind;
  };
  struct candidate {
    std::uint64_t address;
    int owner, index;
  };
  candidate found[64];
  unsigned count = 0;
  for (unsigned m = 0; m < data_range_count() && count < 64; ++m) {
    const auto range = data_range(m);
    if (range.end - range.begin > (std::uint64_t{64} << 20)) continue;
    std::uint64_t chunk[512 + 3];
    for (std::uint64_t at = range.begin; at + sizeof(mutex_form) <= range.end && count < 64;
         at += std::uint64_t{512} * 8) {
      const std::uint64_t size = std::min<std::uint64_t>(sizeof chunk, range.end - at);
      if (!read_safely(at, chunk, size)) continue;
      for (std::uint64_t i = 0; i < 512 && i * 8 + sizeof(mutex_form) <= size && count < 64; ++i) {
        mutex_form form{};
        __builtin_memcpy(&form, chunk + i, sizeof form);
        if ((form.lock != 1 && form.lock != 2) || form.users == 0 || form.users > 64 || form.count > 64 ||
            form.owner <= 1 || (form.kind & ~0x103) != 0)
          continue;
        const int index = thread_of(form.owner);
        if (index < 0 || index == current_thread() || !is_running(form.owner)) continue;
        found[count++] = {at + i * 8, form.owner, index};
      }
    }
  }
  if (count == 0) return;
  bool held[64];
  std::fill_n(held, count, true);
  for (unsigned sample = 0; sample < 5; ++sample) {
    sleep_ms(1);
    for (unsigned i = 0; i < count; ++i) {
      mutex_form form{};
      sleeping in;
      held[i] = held[i] && read_safely(found[i].address, &form, sizeof form) && form.lock != 0 &&
                form.owner == found[i].owner && asleep(found[i].owner, in);
    }
  }
  for (unsigned i = 0; i < count; ++i)
    if (held[i]) emit(lock_held{.mutex = found[i].address, .holder = found[i].index});
}

bool is_call_before(std::uint64_t address) noexcept {
  unsigned char code[7];
  if (!read_safely(address - 7, code, sizeof code)) return false;
  if (code[2] == 0xe8) return true;  // call to a relative address
  for (const unsigned back : {2U, 3U, 4U, 6U, 7U})
    if (code[7 - back] == 0xff || (back > 2 && (code[7 - back] & 0xf0) == 0x40 && code[8 - back] == 0xff)) return true;
  return false;
}

/// Where a sleeping thread's stack says that it returns into a range.
bool returns_into(pid_t tid, int index, std::uint64_t begin, std::uint64_t end, std::uint64_t& at,
                  std::uint64_t& address) noexcept {
  std::uint64_t from = 0, to = 0;
  if (!stack_in_use(tid, index, from, to)) return false;
  for (at = from & ~std::uint64_t{7}; at < to; at += 8) {
    if (!read_safely(at, &address, sizeof address)) return false;
    if (address > begin && address < end && is_call_before(address)) return true;
  }
  return false;
}

}  // namespace

void look_at_held_resources() noexcept {
  look_at_streams();
  look_at_locks();
  look_at_file_buffers();
  look_for_writes();
}

void note_interrupted_code(const call_stack& stack) noexcept {
  if (stack.interrupted == 0 || stack.interrupted >= stack.count) return;
  const std::uint64_t pc = stack.frames[stack.interrupted];
  unsigned char code[2] = {};
  // Asleep in a system call it holds no lock of the C library, and POSIX lets the handler call exit.
  const bool waited = read_safely(pc - 2, code, sizeof code) && code[0] == 0x0f && code[1] == 0x05;
  emit(exit_in_handler{.interrupted = pc, .waited = waited ? 1U : 0U}, current_thread(), stack);
}

int joinable_in_destruction() noexcept {
  const auto object = object_in_destruction();
  // Where its size is not known its pages are closed for the destructor, too.
  if (object.begin != 0) open_pages(object.begin, object.size);
  const auto joinable = [](std::uint64_t word) {
    const int index = word > 0x10000 ? thread_of(static_cast<pthread_t>(word)) : -1;
    if (index < 0) return -1;
    const auto state = record->threads[index].state.load();
    return (state & (thread_record::detached | thread_record::joined)) == 0 ? index : -1;
  };
  const auto look = [&](std::uint64_t begin, std::uint64_t size, auto deeper) {
    for (std::uint64_t at = begin; at + 8 <= begin + size; at += 8) {
      std::uint64_t word = 0;
      if (!read_safely(at, &word, sizeof word)) return -1;
      if (const int index = joinable(word); index >= 0) return index;
      if (const int index = deeper(word); index >= 0) return index;
    }
    return -1;
  };
  const auto nothing = [](std::uint64_t) { return -1; };
  const auto pointed = [&](std::uint64_t word) {
    return word > 0x10000 && word % 8 == 0 ? look(word, 256, nothing) : -1;
  };
  if (object.begin != 0)
    if (const int index = look(object.begin, std::min<std::uint64_t>(object.size, 4096), pointed); index >= 0)
      return index;
  // No object that points to it: the only one that it can be.
  int only = -1;
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& thread = record->threads[i];
    constexpr auto not_this = thread_record::detached | thread_record::joined | thread_record::seen_only;
    if (thread.pid != ::getpid() || thread.number == 0 || (thread.state.load() & not_this) != 0) continue;
    if (only >= 0) return -1;
    only = static_cast<int>(i);
  }
  return only;
}

void look_into_library(void* handle, closing_library& to) noexcept {
  const char* path = nullptr;
  if (!library_range(handle, to.begin, to.end, path)) return;
  for_each_other(
      [](pid_t tid, int index, void* given) {
        auto& library = *static_cast<closing_library*>(given);
        const auto& thread = record->threads[index];
        closing_library::inside one{index, tid, 0, 0};
        bool started_there = thread.routine >= library.begin && thread.routine < library.end;
        for (unsigned i = 0; i < thread.created_count; ++i)
          started_there |= thread.created[i] >= library.begin && thread.created[i] < library.end;
        const bool inside = returns_into(tid, index, library.begin, library.end, one.at, one.return_address);
        if (!started_there && !inside) return;
        if (!inside) one.at = 0;
        if (library.count < std::size(library.threads)) library.threads[library.count++] = one;
      },
      &to);
  // Also where nobody is inside now: a thread may have the address of a function of it, and call that later.
  if (to.count == 0 && is_noted_unloaded(to.begin, to.end)) return;
  record_maps();
  to.path = add_text(path, std::strlen(path));
  note_unloaded({to.begin, to.end, to.path});
}

void look_after_library(const closing_library& library) noexcept {
  if (library.count == 0 || is_loaded(library.begin)) return;
  for (unsigned i = 0; i < library.count; ++i) {
    const auto& one = library.threads[i];
    // The code is gone, but where its stack said that it returns there is known; one that was not asleep dies by
    // itself.
    std::uint64_t from = 0, to = 0;
    call_stack stack;
    stack.count = 1;
    std::uint64_t& address = stack.frames[0];
    if (one.at == 0 || !is_running(one.tid) || !stack_in_use(one.tid, one.index, from, to) || one.at < from ||
        !read_safely(one.at, &address, sizeof address) || address != one.return_address)
      continue;
    note_name(one.index);
    emit(library_unloaded{.begin = library.begin, .end = library.end, .path = library.path}, one.index, stack);
  }
}

}  // namespace curfew::check
