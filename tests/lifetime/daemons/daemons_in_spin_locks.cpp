// SPDX-License-Identifier: Apache-2.0
// Spin locks that the compiler puts into the program's own code, held most of the time: no daemon is frozen inside one
// that a destructor wants.
//! case: a flag
//! args: flag
//! out: destructor had the lock
//! case: exchanged
//! args: exchanged
//! out: destructor had the lock
//! case: a bit
//! args: bit
//! out: destructor had the lock
//! case: a pointer's lowest bit
//! args: pointer
//! out: destructor had the lock
//! case: the owner's address
//! args: owner
//! out: destructor had the lock
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstdint>
#include <cstring>

namespace {

std::atomic_flag flag;
std::atomic<int> word{0};
std::atomic<unsigned> counted{0};  // bit 0 is the lock
int objects[2];
std::atomic<std::uintptr_t> pointer{reinterpret_cast<std::uintptr_t>(objects)};  // bit 0 is the lock
std::atomic<const void*> owner{nullptr};
volatile unsigned long work[8];
const char* which = "";

template <class Lock, class Unlock>
[[gnu::always_inline]] inline void with(Lock lock, Unlock unlock) {
  while (!lock()) std::this_thread::yield();
  for (int i = 0; i < 40; ++i) work[i % 8] = work[(i + 1) % 8] + 1;
  unlock();
}

[[gnu::always_inline]] inline void use_lock() {
  if (std::strcmp(which, "flag") == 0)
    with([] { return !flag.test_and_set(std::memory_order_acquire); }, [] { flag.clear(std::memory_order_release); });
  else if (std::strcmp(which, "exchanged") == 0)
    with([] { return word.exchange(1) == 0; }, [] { word.store(0); });
  else if (std::strcmp(which, "pointer") == 0)
    with(
        [] {
          std::uintptr_t now = pointer.load() & ~std::uintptr_t{1};
          return pointer.compare_exchange_weak(now, now | 1U);
        },
        [] { pointer.exchange(reinterpret_cast<std::uintptr_t>(objects + 1)); });
  else if (std::strcmp(which, "owner") == 0)
    with(
        [] {
          const void* nobody = nullptr;
          return owner.compare_exchange_weak(nobody, objects);
        },
        [] { owner.store(nullptr); });
  else
    with(
        [] {
          unsigned now = counted.load() & ~1U;
          return counted.compare_exchange_weak(now, now | 1U);
        },
        [] { counted.fetch_sub(1); });
}

struct wanting {
  ~wanting() {
    use_lock();
    std::puts("destructor had the lock");
  }
};
wanting object;

}  // namespace

int main(int, char** argv) {
#if !defined __x86_64__
  curfew_test::skip("spin locks in a program's own code are seen on x86-64 only");
#endif
  which = argv[1];
  for (int i = 0; i < 3; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;;) {
        use_lock();
        for (int k = 0; k < 20; ++k) static_cast<void>(work[k % 8]);
      }
    });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
