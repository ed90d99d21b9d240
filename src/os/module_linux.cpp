// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/loaded_module_linux.hpp"
#include "os/module.hpp"

#include <dlfcn.h>
#include <link.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace curfew::inline v1::detail::os {
namespace {

/// The program's own code, which is never unloaded: the usual case, to be told apart without the loader's lock.
struct program_range {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<std::uintptr_t> base{0};  ///< what its file's addresses are moved by
};
program_range program;

int note_program(dl_phdr_info* info, std::size_t, void*) {
  std::uintptr_t begin = ~std::uintptr_t{0}, end = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t from = info->dlpi_addr + header.p_vaddr;
    if (from < begin) begin = from;
    if (from + header.p_memsz > end) end = from + header.p_memsz;
  }
  program.base.store(info->dlpi_addr);
  program.begin.store(begin);
  program.end.store(end);
  return 1;  // the program is the first
}

bool is_in_program(std::uintptr_t address) noexcept {
  return address >= program.begin.load(std::memory_order_relaxed) &&
         address < program.end.load(std::memory_order_relaxed);
}

void* open_again(const void* code, int flags) noexcept {
  const auto* map = module_of(code);
  if (map == nullptr || map->l_name == nullptr || map->l_name[0] == '\0') return nullptr;
  return ::dlopen(map->l_name, RTLD_LAZY | RTLD_NOLOAD | flags);
}

}  // namespace

std::uintptr_t offset_in_program(const void* code) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(code);
  return is_in_program(address) ? address - program.base.load(std::memory_order_relaxed) : 0;
}

const char* program_name() noexcept { return program_invocation_short_name; }

void* pin_module(const void* code) noexcept {
  if (code == nullptr || is_in_program(reinterpret_cast<std::uintptr_t>(code))) return nullptr;
  return open_again(code, 0);
}

void unpin_module(void* pin) noexcept {
  if (pin != nullptr) ::dlclose(pin);
}

void pin_own_module() noexcept {
  ::dl_iterate_phdr(&note_program, nullptr);
  const auto own = reinterpret_cast<const void*>(&pin_own_module);
  if (void* const pin = open_again(own, RTLD_NODELETE)) ::dlclose(pin);
}

}  // namespace curfew::inline v1::detail::os

#endif
