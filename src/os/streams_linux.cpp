// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/streams.hpp"

#include "os/futex.hpp"
#include "os/look_up_linux.hpp"

#include <poll.h>
#include <sys/stat.h>

#include <atomic>

#if defined(__GLIBC__)
// glibc exports them, and no header of its declares them.
extern "C" [[gnu::weak]] void _IO_list_lock();
extern "C" [[gnu::weak]] void _IO_list_unlock();
#endif

namespace curfew::inline v1::detail::os {

#if defined(__GLIBC__)

namespace {

// Of the layout in <bits/types/struct_FILE.h> and of what stands behind it. find_streams() tries each of these on a
// stream of its own before any of them is used.
constexpr unsigned magic_bits = 0xffff0000U;
constexpr unsigned magic = 0xfbad0000U;
constexpr unsigned has_place = 0x2000;  // bytes go to a descriptor or a function, not only into a block of memory

struct stream_lock {
  int word;
  int count;
  pthread_t owner;
};

/// Of a stream for wide characters: the beginning of its second set of areas.
struct wide_areas {
  wchar_t* read[3];
  wchar_t* write_base;
  wchar_t* write_ptr;
};

/// More than a process may have descriptors, usually: should the list have become a cycle, the walk ends.
constexpr unsigned most_streams = 1U << 20;

// By name at run time: named in the source it would be copied into a program that is not position-independent.
constinit symbol_by_name list_by_name("_IO_list_all", nullptr, false);
std::atomic<FILE**> list{nullptr};
using list_function = void (*)();
std::atomic<list_function> take_list{nullptr};
std::atomic<list_function> give_list{nullptr};

bool is_stream(const FILE* f) noexcept { return (static_cast<unsigned>(f->_flags) & magic_bits) == magic; }

stream_lock& lock_of(const FILE* f) noexcept { return *static_cast<stream_lock*>(static_cast<void*>(f->_lock)); }

bool has_output(const FILE* f) noexcept {
  if (f->_IO_write_ptr > f->_IO_write_base) return true;
  if (f->_mode <= 0) return false;
  const auto* const wide = reinterpret_cast<const wide_areas*>(f->_wide_data);
  return wide->write_ptr > wide->write_base;
}

/// Nothing would happen to it: nothing to write, and nothing that was read ahead.
bool is_empty(const FILE* f) noexcept {
  return f->_mode == 0 || (!has_output(f) && f->_mode < 0 && f->_IO_read_ptr == f->_IO_read_end);
}

stream_kind kind_of(const FILE* f) noexcept {
  struct stat what {};
  if (f->_fileno < 0) return stream_kind::in_function;
  if (::fstat(f->_fileno, &what) == 0 && S_ISREG(what.st_mode)) return stream_kind::file;
  pollfd takes{f->_fileno, POLLOUT, 0};
  return ::poll(&takes, 1, 0) != 0 ? stream_kind::ready : stream_kind::any;
}

/// The caller holds it, or nobody else moves.
bool write(FILE* f) noexcept {
  const bool output = has_output(f);
  // A stream for input whose place in the file cannot be set loses nothing.
  return ::fflush_unlocked(f) == 0 || !output;
}

template <class Use>
void for_each(Use use) noexcept {
  FILE** const first = list.load();
  if (first == nullptr) return;
  unsigned seen = 0;
  for (FILE* f = __atomic_load_n(first, __ATOMIC_ACQUIRE); f != nullptr && is_stream(f) && ++seen < most_streams;
       f = f->_chain)
    use(f);
}

/// Does a stream of our own, with a byte in it, look as a stream is read here? It writes to memory, by a function.
bool looks_right(FILE* f) noexcept {
  if (!is_stream(f) || f->_lock == nullptr || (f->_flags & has_place) == 0 || f->_fileno >= 0) return false;
  if (has_output(f) || ::fputc_unlocked('x', f) == EOF || f->_mode >= 0 || !has_output(f)) return false;
  const stream_lock& lock = lock_of(f);
  const auto is = [&lock](int word, int count, pthread_t owner) {
    return lock.word == word && lock.count == count && lock.owner == owner;
  };
  if (!is(0, 0, pthread_t{}) || ::ftrylockfile(f) != 0) return false;
  // How often its owner has it (glibc 2.36), or how often it has taken it again (2.41).
  const int once = lock.count;
  bool right = (once == 0 || once == 1) && is(1, once, ::pthread_self());
  right = ::ftrylockfile(f) == 0 && is(1, once + 1, ::pthread_self()) && right;
  ::funlockfile(f);
  ::funlockfile(f);
  return right && is(0, 0, pthread_t{});
}

}  // namespace

void look_up_list_of_streams() noexcept { list_by_name.get(); }

void find_streams() noexcept {
  static std::atomic<bool> done{false};
  if (done.exchange(true)) return;
  auto* const found = static_cast<FILE**>(list_by_name.get());
  const list_function take = &::_IO_list_lock, give = &::_IO_list_unlock;
  if (found == nullptr || take == nullptr || give == nullptr) return;
  char memory[16];
  FILE* const own = ::fmemopen(memory, sizeof memory, "w");
  if (own == nullptr) return;
  bool right = looks_right(own);
  take();
  unsigned seen = 0;
  const FILE* f = *found;
  while (right && f != nullptr && f != own) {
    right = is_stream(f) && ++seen < most_streams;
    f = f->_chain;
  }
  right = right && f == own;
  give();
  std::fclose(own);
  if (!right) return;
  take_list.store(take);
  give_list.store(give);
  list.store(found);
}

bool streams_are_known() noexcept { return list.load() != nullptr; }

void lock_stream_list() noexcept {
  if (const auto call = take_list.load()) call();
}

void unlock_stream_list() noexcept {
  if (const auto call = give_list.load()) call();
}

bool write_free_streams(stream_kind kind, std::span<held_stream> held, std::size_t& count) noexcept {
  bool whole = true;
  count = 0;
  for_each([&](FILE* f) {
    // A block of memory of the process's own ends with it.
    if ((f->_flags & has_place) == 0 || is_empty(f)) return;
    if (kind != stream_kind::any && kind_of(f) != kind) return;
    if (::ftrylockfile(f) == 0) {
      whole = write(f) && whole;
      ::funlockfile(f);
    } else if (has_output(f)) {
      if (count < held.size()) held[count] = {f, f->_fileno, lock_of(f).owner};
      ++count;
    }
  });
  return whole;
}

bool write_if_free(const held_stream& held, bool& whole) noexcept {
  if (::ftrylockfile(held.stream) != 0) return false;
  whole = write(held.stream);
  ::funlockfile(held.stream);
  return true;
}

bool write_without_lock(const held_stream& held) noexcept { return write(held.stream); }

bool a_stream_is_held() noexcept {
  lock_stream_list();
  bool held = false;
  for_each(
      [&held](const FILE* f) { held = held || __atomic_load_n(&lock_of(f).owner, __ATOMIC_RELAXED) != pthread_t{}; });
  unlock_stream_list();
  return held;
}

void release_streams(bool (*is_frozen)(pthread_t owner)) noexcept {
  for_each([is_frozen](FILE* f) {
    stream_lock& lock = lock_of(f);
    const pthread_t owner = __atomic_load_n(&lock.owner, __ATOMIC_RELAXED);
    if (owner == pthread_t{} || has_output(f) || !is_frozen(owner)) return;
    lock.count = 0;
    __atomic_store_n(&lock.owner, pthread_t{}, __ATOMIC_RELAXED);
    __atomic_store_n(&lock.word, 0, __ATOMIC_RELEASE);
    futex_wake(*reinterpret_cast<futex_word*>(&lock.word));  // more than one may wait: whoever comes first has it
  });
}

#else  // a C library whose streams are its own affair

void look_up_list_of_streams() noexcept {}
void find_streams() noexcept {}
bool streams_are_known() noexcept { return false; }
void lock_stream_list() noexcept {}
void unlock_stream_list() noexcept {}
bool write_free_streams(stream_kind, std::span<held_stream>, std::size_t&) noexcept { return true; }
bool write_if_free(const held_stream&, bool&) noexcept { return false; }
bool write_without_lock(const held_stream&) noexcept { return true; }
bool a_stream_is_held() noexcept { return false; }
void release_streams(bool (*)(pthread_t)) noexcept {}

#endif

}  // namespace curfew::inline v1::detail::os

#endif
