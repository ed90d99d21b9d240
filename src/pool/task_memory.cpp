// SPDX-License-Identifier: Apache-2.0
// Small cells of memory that travel from who submits to who runs. An allocator that is made for threads of their own
// takes a lock for every cell that comes from elsewhere; here they go back by the magazine, 64 at a time (Bonwick).
#include "pool/task_memory.hpp"

#include "os/defer.hpp"
#include "os/lock.hpp"
#include "os/platform.hpp"

#include <curfew/detail/task.hpp>

#include <cstddef>
#include <new>
#include <utility>

namespace curfew::inline v1::detail {
namespace {

constexpr std::size_t cell_size = 128;
constexpr unsigned magazine_size = 64;
constexpr unsigned depot_limit = 256;  // magazines: 2 MB

/// A free cell is a link: to the next cell of its magazine, and, in a magazine's first, to the next magazine.
struct cell {
  cell* next;
  cell* next_magazine;
};

struct magazine {
  cell* first = nullptr;
  unsigned count = 0;
};

/// Constant-initialised, never destroyed.
struct cell_depot {
  os::lock mutex;
  cell* magazines = nullptr;  ///< full ones
  unsigned count = 0;
};
constinit cell_depot depot;

class lock_depot {
 public:
  lock_depot() noexcept { depot.mutex.acquire_soon(); }
  ~lock_depot() { depot.mutex.release(); }
  lock_depot(const lock_depot&) = delete;
  lock_depot& operator=(const lock_depot&) = delete;

 private:
  os::no_freeze unfrozen_;
};

void free_magazine(magazine m) noexcept {
  while (m.first != nullptr) ::operator delete(std::exchange(m.first, m.first->next));
}

magazine take_magazine() noexcept {
  const lock_depot lock;
  cell* const first = depot.magazines;
  if (first == nullptr) return {};
  depot.magazines = first->next_magazine;
  --depot.count;
  return {first, magazine_size};
}

void give_magazine(magazine m) noexcept {
  {
    const lock_depot lock;
    if (depot.count < depot_limit) {
      m.first->next_magazine = depot.magazines;
      depot.magazines = m.first;
      ++depot.count;
      return;
    }
  }
  free_magazine(m);
}

/// What a thread keeps: two magazines, so that one that gives and takes by turns does not go to the depot each time.
struct own_task_memory {
  magazine used;
  magazine other;  ///< full or empty
};
constinit thread_local own_task_memory own [[gnu::tls_model("initial-exec")]];

enum class keeper : unsigned char { not_yet, there, gone };
constinit thread_local keeper kept [[gnu::tls_model("initial-exec")]] = keeper::not_yet;

struct end_of_thread {
  end_of_thread() noexcept { kept = keeper::there; }
  ~end_of_thread() {
    kept = keeper::gone;
    for (const magazine m : {std::exchange(own.used, {}), std::exchange(own.other, {})})
      m.count == magazine_size ? give_magazine(m) : free_magazine(m);
  }
};

/// False in the last moments of a thread, when there is nobody to keep cells any more.
bool can_keep() noexcept {
  if (kept == keeper::not_yet) [[unlikely]] {
    static thread_local end_of_thread end;
    asm volatile("" : : "r"(&end));
  }
  return kept == keeper::there;
}

// An address sanitizer is to see every use of a freed cell.
constexpr bool recycles = CURFEW_ASAN == 0;

bool is_small(std::size_t size, std::size_t align) noexcept {
  return recycles && size <= cell_size && align <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}

}  // namespace

void* allocate_cell(std::size_t size, std::size_t align) {
  if (!is_small(size, align)) {
    return align <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(size)
                                                     : ::operator new (size, std::align_val_t{align});
  }
  if (own.used.first == nullptr) {
    std::swap(own.used, own.other);
    if (own.used.first == nullptr) own.used = take_magazine();
    if (own.used.first == nullptr) return ::operator new(cell_size);
    can_keep();
  }
  --own.used.count;
  return std::exchange(own.used.first, own.used.first->next);
}

void free_cell(void* memory, std::size_t size, std::size_t align) noexcept {
  if (!is_small(size, align)) {
    if (align <= __STDCPP_DEFAULT_NEW_ALIGNMENT__)
      ::operator delete(memory);
    else
      ::operator delete (memory, std::align_val_t{align});
    return;
  }
  if (!can_keep()) return ::operator delete(memory);
  if (own.used.count == magazine_size) {
    std::swap(own.used, own.other);
    if (own.used.count == magazine_size) give_magazine(std::exchange(own.used, {}));
  }
  own.used.first = ::new (memory) cell{own.used.first, nullptr};
  ++own.used.count;
}

void lock_task_memory() noexcept { depot.mutex.acquire(); }
void unlock_task_memory() noexcept { depot.mutex.release(); }

}  // namespace curfew::inline v1::detail
