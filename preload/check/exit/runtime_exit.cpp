// SPDX-License-Identifier: Apache-2.0
#include "check/exit/runtime_exit.hpp"

#include "check/exit/exit_watch.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/stack.hpp"
#include "check/linux/loaded_symbols.hpp"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

namespace curfew::check {
namespace {

/// Called when there is nothing left but to exit, by names that have been the same for several major versions.
constexpr const char* functions[] = {
    "_ZN4node33DefaultProcessExitHandlerInternalEPNS_11EnvironmentENS_8ExitCodeE",  // Node.js from 20 on
    "_ZN4node25DefaultProcessExitHandlerEPNS_11EnvironmentEi",                      // Node.js until 18
};

struct code_range {
  std::uint64_t begin = 0, end = 0;
};

code_range find(const char* name) noexcept {
  const void* const function = any_symbol(name);
  Dl_info info{};
  ElfW(Sym)* symbol = nullptr;
  if (function == nullptr || ::dladdr1(function, &info, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT) == 0 ||
      symbol == nullptr)
    return {};
  const auto begin = reinterpret_cast<std::uint64_t>(function);
  return {begin, begin + symbol->st_size};
}

}  // namespace

void begin_exit_of_runtime() noexcept {
  if (exiting()) return;
  for (const char* const name : functions) {
    const code_range range = find(name);
    if (range.end == 0) continue;
    call_stack stack;
    walk(stack);
    if (std::any_of(stack.frames, stack.frames + stack.count,
                    [&](std::uint64_t frame) { return frame >= range.begin && frame < range.end; }))
      begin_exit(0, exit_by::call);
  }
}

}  // namespace curfew::check
