// SPDX-License-Identifier: Apache-2.0
// What the loader knows of the module that an address lies in. Of the Linux back end only.
#pragma once

#include <curfew/forward.hpp>

#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace curfew::inline v1::detail::os {

/// The module that the code address lies in; null when the loader knows of none. Where the C library has
/// `_dl_find_object` (glibc 2.35) it takes no lock, and some hundred instructions; elsewhere it is `dladdr1`, which
/// takes the loader's lock and reads the module's whole table of symbols.
const link_map* module_of(const void* code) noexcept;

/// Where the module that the code address lies in begins, in memory: with its ELF header. By `_dl_find_object` alone,
/// without a lock; null where there is none, and for the program itself.
const ElfW(Ehdr) * library_image_of(const void* code) noexcept;

/// Calls `use(begin, end)` for each part of the image that is loaded with all of those flags (PF_X, PF_W).
template <class Use>
void each_loaded_part(const ElfW(Ehdr) & image, std::uint32_t flags, Use&& use) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(&image);
  const auto* const headers = reinterpret_cast<const ElfW(Phdr)*>(begin + image.e_phoff);
  const auto is_loaded = [](const ElfW(Phdr) & header) { return header.p_type == PT_LOAD; };
  const auto* const end = headers + image.e_phnum;
  const auto* const first = std::find_if(headers, end, is_loaded);  // the one that the ELF header lies in
  for (const auto* header = first; header != end; ++header) {
    if (!is_loaded(*header) || (header->p_flags & flags) != flags) continue;
    const std::uintptr_t at = begin + header->p_vaddr - (first->p_vaddr - first->p_offset);
    use(at, at + header->p_memsz);
  }
}

/// The size in bytes of the function of that name that begins there, by its module's hash table of symbols; 0 when that
/// table does not say. It is of that address also where the module has several versions of the symbol. `dladdr1` could
/// say it too, and reads some thousands of symbols for it.
std::size_t size_of_function(const void* function, const char* name) noexcept;

/// What the library that the code address lies in has under that name, in its current version. Null if it has nothing,
/// or only something that has to be asked where it is, and for the program itself; and where the C library has no
/// `_dl_find_object`. Takes no lock.
void* find_in_module_of(const void* code, const char* name) noexcept;

}  // namespace curfew::inline v1::detail::os
