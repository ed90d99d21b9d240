// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/kernel_call.hpp"
#include "os/signal_stacks.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace curfew::inline v1::detail::os {
namespace {

/// One thread's. Written by that thread; read by whoever is about to send it a signal.
struct known_stack {
  std::atomic<pid_t> tid{0};  ///< 0: free
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::size_t> size{0};
  std::atomic<bool> gone{false};
};

// By the thread's number, in one of a few places behind it. A thread that finds none free is not known of.
constexpr unsigned places = 4096, tries = 32;
constinit known_stack stacks[places];
// Until then nobody looks through them: they are many pages, and few programs have such stacks.
constinit std::atomic<bool> is_any_known{false};

constexpr std::uintptr_t page = 4096;
/// What the kernel writes there, and a handler of ours needs.
constexpr std::uintptr_t frame = 16384;

known_stack& place(pid_t tid, unsigned which) noexcept { return stacks[(static_cast<unsigned>(tid) + which) % places]; }

known_stack* find(pid_t tid) noexcept {
  if (!is_any_known.load()) return nullptr;
  for (unsigned i = 0; i < tries; ++i)
    if (known_stack& s = place(tid, i); s.tid.load(std::memory_order_relaxed) == tid) return &s;
  return nullptr;
}

known_stack* find_or_take(pid_t tid) noexcept {
  is_any_known.store(true);
  if (known_stack* const s = find(tid)) return s;
  for (unsigned i = 0; i < tries; ++i) {
    known_stack& s = place(tid, i);
    pid_t nobody = 0;
    if (s.tid.compare_exchange_strong(nobody, tid)) return &s;
  }
  return nullptr;
}

/// The kernel writes what is there already, and says no where it cannot.
/// What the kernel writes on the stack for a handler: that depends on the processor's registers. Asked beforehand: the
/// first call of a function of another library takes two kilobytes of the stack.
constinit std::atomic<std::uintptr_t> kernel_frame{2048};

bool is_writable(std::uintptr_t address) noexcept {
  std::uint32_t nobody_waits = 0;
  constexpr auto or_with_nothing = (FUTEX_OP_OR << 28) | (FUTEX_OP_CMP_EQ << 24);
  return kernel_call(SYS_futex, &nobody_waits, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, nullptr,
                     address & ~std::uintptr_t{3}, or_with_nothing) >= 0;
}

/// The kernel uses it from its end on.
bool is_writable(const known_stack& s) noexcept {
  const std::size_t size = s.size.load();
  const std::uintptr_t begin = s.begin.load(), needed = std::min<std::uintptr_t>(size, frame);
  for (std::uintptr_t below = 4; below < needed; below += page)
    if (!is_writable(begin + size - below)) return false;
  return is_writable(begin + size - needed);
}

void note(pid_t tid, std::uintptr_t begin, std::size_t size) noexcept {
  known_stack* const s = find_or_take(tid);
  if (s == nullptr) return;
  s->size.store(0);
  s->gone.store(false);
  s->begin.store(begin);
  s->size.store(size);
}

}  // namespace

void note_signal_stack(const void* begin, std::size_t size) noexcept {
  if (begin != nullptr && size != 0) return note(::gettid(), reinterpret_cast<std::uintptr_t>(begin), size);
  forget_signal_stack(::gettid());
}

void note_own_signal_stack() noexcept {
  const errno_keeper keep;
  stack_t now{};
  if (kernel_call(SYS_sigaltstack, nullptr, &now) != 0) return;
  note_signal_stack((now.ss_flags & SS_DISABLE) == 0 ? now.ss_sp : nullptr, now.ss_size);
}

void find_size_of_signal_frame() noexcept {
  if (const auto size = ::getauxval(AT_MINSIGSTKSZ); size != 0) kernel_frame.store(size);
}

bool has_room_for_handler() noexcept {
  constexpr std::uintptr_t for_frames_of_functions = 2048;
  const errno_keeper keep;
  stack_t now{};
  if (kernel_call(SYS_sigaltstack, nullptr, &now) != 0 || (now.ss_flags & SS_ONSTACK) == 0) return true;
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  return here - reinterpret_cast<std::uintptr_t>(now.ss_sp) >= kernel_frame.load() + for_frames_of_functions;
}

void forget_signal_stack(pid_t tid) noexcept {
  known_stack* const s = find(tid);
  if (s == nullptr) return;
  s->size.store(0);
  s->tid.store(0);
}

void find_gone_signal_stacks() noexcept {
  if (!is_any_known.load()) return;
  const errno_keeper keep;
  for (known_stack& s : stacks)
    if (s.size.load() != 0 && !is_writable(s)) s.gone.store(true);
}

bool signal_stack_is_gone(pid_t tid) noexcept {
  const known_stack* const s = find(tid);
  if (s == nullptr || s->size.load() == 0) return false;
  const errno_keeper keep;
  return s->gone.load() || !is_writable(*s);
}

}  // namespace curfew::inline v1::detail::os

#endif
