// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/loaded_module_linux.hpp"

#include <dlfcn.h>

#include <cstdint>
#include <cstring>

#if defined(DLFO_STRUCT_HAS_EH_DBASE)
// Weak: what was built where it is runs on an older C library too.
extern "C" [[gnu::weak]] int _dl_find_object(void*, dl_find_object*) noexcept;
#endif

namespace curfew::inline v1::detail::os {
namespace {

/// What a function of a module's is found by, from its dynamic section.
struct symbol_tables {
  const ElfW(Sym) * symbols = nullptr;
  const std::uint32_t* hashed = nullptr;    ///< the section .gnu.hash
  const char* names = nullptr;              ///< what st_name is an offset into
  const std::uint16_t* versions = nullptr;  ///< one for each symbol; of all versions of a name one is not hidden
};

symbol_tables tables_of(const link_map& module) noexcept {
  symbol_tables tables;
  for (const ElfW(Dyn)* entry = module.l_ld; entry->d_tag != DT_NULL; ++entry) {
    // Some loaders add the base to the addresses in the section, others leave them.
    const std::uintptr_t at = entry->d_un.d_ptr < module.l_addr ? entry->d_un.d_ptr + module.l_addr : entry->d_un.d_ptr;
    if (entry->d_tag == DT_SYMTAB) tables.symbols = reinterpret_cast<const ElfW(Sym)*>(at);
    if (entry->d_tag == DT_STRTAB) tables.names = reinterpret_cast<const char*>(at);
    if (entry->d_tag == DT_VERSYM) tables.versions = reinterpret_cast<const std::uint16_t*>(at);
    if (entry->d_tag == DT_GNU_HASH) tables.hashed = reinterpret_cast<const std::uint32_t*>(at);
  }
  return tables;
}

/// The hash function of .gnu.hash.
std::uint32_t hash_of(const char* name) noexcept {
  std::uint32_t hash = 5381;
  for (; *name != '\0'; ++name) hash = hash * 33 + static_cast<unsigned char>(*name);
  return hash;
}

}  // namespace

const link_map* module_of(const void* code) noexcept {
#if defined(DLFO_STRUCT_HAS_EH_DBASE)
  if (&::_dl_find_object != nullptr) {
    dl_find_object found;
    return ::_dl_find_object(const_cast<void*>(code), &found) == 0 ? found.dlfo_link_map : nullptr;
  }
#endif
  Dl_info info;
  void* map = nullptr;
  if (::dladdr1(code, &info, &map, RTLD_DL_LINKMAP) == 0) return nullptr;
  return static_cast<const link_map*>(map);
}

const ElfW(Ehdr) * library_image_of([[maybe_unused]] const void* code) noexcept {
#if defined(DLFO_STRUCT_HAS_EH_DBASE)
  dl_find_object found;
  if (&::_dl_find_object == nullptr || ::_dl_find_object(const_cast<void*>(code), &found) != 0) return nullptr;
  const link_map* const map = found.dlfo_link_map;
  const bool is_program = map == nullptr || map->l_name == nullptr || map->l_name[0] == '\0';
  const auto* const image = static_cast<const ElfW(Ehdr)*>(found.dlfo_map_start);
  return !is_program && std::memcmp(image->e_ident, ELFMAG, SELFMAG) == 0 ? image : nullptr;
#else
  return nullptr;
#endif
}

namespace {

/// The first symbol with that name's hash for which `is_wanted(its index)`; null where there is none.
template <class Wanted>
    const ElfW(Sym) * find_symbol(const symbol_tables& tables, const char* name, Wanted is_wanted) noexcept {
  const auto [symbols, hashed, names, versions] = tables;
  if (symbols == nullptr || hashed == nullptr) return nullptr;
  // Four numbers, the words of a filter, the first symbol of each bucket, and the hash of each symbol; its lowest bit
  // marks the last one of a bucket.
  const std::uint32_t bucket_count = hashed[0], first = hashed[1], filter_words = hashed[2];
  if (bucket_count == 0) return nullptr;
  const std::uint32_t* const buckets = hashed + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
  const std::uint32_t* const hashes = buckets + bucket_count;
  const std::uint32_t hash = hash_of(name);
  std::uint32_t at = buckets[hash % bucket_count];
  if (at < first) return nullptr;  // an empty bucket
  for (;; ++at) {
    const std::uint32_t of_this = hashes[at - first];
    if ((of_this | 1) == (hash | 1) && is_wanted(at)) return symbols + at;
    if ((of_this & 1) != 0) return nullptr;
  }
}

}  // namespace

std::size_t size_of_function(const void* function, const char* name) noexcept {
  const link_map* const module = module_of(function);
  if (module == nullptr || module->l_ld == nullptr) return 0;
  const symbol_tables tables = tables_of(*module);
  const std::uintptr_t value = reinterpret_cast<std::uintptr_t>(function) - module->l_addr;
  const auto* const found =
      find_symbol(tables, name, [&](std::uint32_t at) { return tables.symbols[at].st_value == value; });
  return found != nullptr ? found->st_size : 0;
}

void* find_in_module_of(const void* code, const char* name) noexcept {
  if (library_image_of(code) == nullptr) return nullptr;  // also where finding it would take the loader's lock
  const link_map* const module = module_of(code);
  const symbol_tables tables = tables_of(*module);
  if (tables.names == nullptr) return nullptr;
  constexpr std::uint16_t hidden = 0x8000;
  const auto* const found = find_symbol(tables, name, [&](std::uint32_t at) {
    return std::strcmp(tables.names + tables.symbols[at].st_name, name) == 0 &&
           (tables.versions == nullptr || (tables.versions[at] & hidden) == 0);
  });
  const bool is_plain = found != nullptr && found->st_shndx != SHN_UNDEF && (found->st_info & 0xf) != STT_GNU_IFUNC;
  return is_plain ? reinterpret_cast<void*>(module->l_addr + found->st_value) : nullptr;
}

}  // namespace curfew::inline v1::detail::os

#endif
