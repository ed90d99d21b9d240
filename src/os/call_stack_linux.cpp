// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/call_stack.hpp"
#include "os/defer.hpp"
#include "os/freeze.hpp"
#include "os/interrupted.hpp"

#include <unwind.h>

namespace curfew::inline v1::detail::os {
namespace {

struct stack_walk {
  void** frames;
  int capacity;
  const void* from;  ///< the handler's own frames come first; what counts begins where the thread was interrupted
  int count = 0;
};

/// The unwinder's own locks are counted as the program's are. At their last unlock the thread must not be frozen: it is
/// being looked at here, and whoever looks decides.
void walk_stack(_Unwind_Trace_Fn each, void* argument) noexcept {
  const unsigned inside = deferral.inside.load(std::memory_order_relaxed);
  deferral.inside.store(inside + 1, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  _Unwind_Backtrace(each, argument);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  deferral.inside.store(inside, std::memory_order_relaxed);
}

_Unwind_Reason_Code record_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<stack_walk*>(argument);
  int interrupted = 0;
  auto* const ip = reinterpret_cast<char*>(_Unwind_GetIPInfo(context, &interrupted));
  if (walk.from != nullptr) {
    if (ip != walk.from) return _URC_NO_REASON;
    walk.from = nullptr;
  }
  if (walk.count == walk.capacity || ip == nullptr) return _URC_END_OF_STACK;
  walk.frames[walk.count++] = interrupted != 0 ? ip + 1 : ip;
  return _URC_NO_REASON;
}

/// Who has called the function in front of the C library's that the calling thread is in.
struct caller {
  int frames_left = 8;  ///< that function is one of the innermost, or there is none
  bool in_front = false;
  bool is_busy = false;
};

_Unwind_Reason_Code look_for_caller(_Unwind_Context* context, void* argument) {
  auto& found = *static_cast<caller*>(argument);
  const auto ip = reinterpret_cast<void*>(_Unwind_GetIP(context));
  if (is_code_in_front(ip)) {
    found.in_front = true;
  } else if (found.in_front) {
    found.is_busy = is_busy_code(ip);
    return _URC_END_OF_STACK;
  }
  return --found.frames_left == 0 ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

int read_call_stack(const void* ucontext, void** frames, int capacity) noexcept {
  stack_walk walk{frames, capacity, interrupted_at(ucontext)};
  walk_stack(&record_frame, &walk);
  return walk.count;
}

int own_call_stack(void** frames, int capacity) noexcept {
  stack_walk walk{frames, capacity, nullptr};
  walk_stack(&record_frame, &walk);
  return walk.count;
}

bool inside_c_library(const void* ucontext) noexcept {
  const void* const at = interrupted_at(ucontext);
  if (!is_kernel_clock_code(at)) return is_busy_code(at);
  void* frames[3] = {};
  read_call_stack(ucontext, frames, 3);
  return is_clock_code(frames[1]) ? is_busy_code(frames[2]) : is_busy_code(frames[1]);
}

bool c_library_unlocks() noexcept {
  caller found;
  walk_stack(&look_for_caller, &found);
  return found.is_busy;
}

}  // namespace curfew::inline v1::detail::os

#endif
