// SPDX-License-Identifier: Apache-2.0
// The least that a thread can cost: clone(2) on a stack that is already there, and a futex wait for its end.
#pragma once

#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <system_error>

class bare_clone {
 public:
  bare_clone() : stack_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {
    if (stack_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  }
  ~bare_clone() { ::munmap(stack_, size); }
  bare_clone(const bare_clone&) = delete;
  bare_clone& operator=(const bare_clone&) = delete;

  /// `function` has the thread-local storage of the caller: it must use none, and so no errno.
  void start(int (*function)(void*)) {
    constexpr int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                          CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    const int made = ::clone(function, static_cast<char*>(stack_) + size, flags, nullptr, &tid_, nullptr, &tid_);
    if (made < 0) throw std::system_error(errno, std::generic_category(), "clone");
  }

  void join() {
    // The kernel clears tid_ and wakes one waiter when the thread is gone.
    for (int tid; (tid = __atomic_load_n(&tid_, __ATOMIC_ACQUIRE)) != 0;)
      ::syscall(SYS_futex, &tid_, FUTEX_WAIT, tid, nullptr, nullptr, 0);
  }

 private:
  static constexpr std::size_t size = 64 << 10;
  void* stack_;
  int tid_ = 0;
};
