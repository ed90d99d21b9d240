// SPDX-License-Identifier: Apache-2.0
#include "check/linux/loaded_symbols.hpp"

#include "check/linux/safe_read.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));  // NOLINT(readability-redundant-declaration)

namespace curfew::check {
namespace {

constinit std::atomic<bool> careful{false};

/// What may go away meanwhile.
bool read_bytes(std::uint64_t address, void* to, std::size_t size) noexcept {
  if (careful.load(std::memory_order_relaxed)) return read_safely(address, to, size);
  std::memcpy(to, reinterpret_cast<const void*>(address), size);
  return true;
}

template <class T>
bool read_at(const void* address, T& to) noexcept {
  return address != nullptr && read_bytes(reinterpret_cast<std::uint64_t>(address), &to, sizeof to);
}

/// A name of some other library, as much of it as is compared.
struct text {
  char characters[256];
  bool read(const char* from) noexcept {
    // A page at a time at most: what follows the end of the name may not be there.
    for (std::size_t have = 0; have < sizeof characters;) {
      const auto address = reinterpret_cast<std::uint64_t>(from) + have;
      const std::size_t size = std::size_t{64} - address % 64;
      const std::size_t part = size < sizeof characters - have ? size : sizeof characters - have;
      if (!read_bytes(address, characters + have, part)) return false;
      if (std::memchr(characters + have, '\0', part) != nullptr) return true;
      have += part;
    }
    return false;
  }
  [[nodiscard]] const char* base_name() const noexcept {
    const char* const slash = std::strrchr(characters, '/');
    return slash != nullptr ? slash + 1 : characters;
  }
};

/// One library's tables.
class library {
 public:
  /// False when it has none that can be read.
  bool open(const link_map& map) noexcept {
    base_ = map.l_addr;
    dynamic_ = map.l_ld;
    for (const ElfW(Dyn)* at = dynamic_; at != nullptr; ++at) {
      ElfW(Dyn) entry;
      if (!read_at(at, entry)) return false;
      if (entry.d_tag == DT_NULL) break;
      switch (entry.d_tag) {
        case DT_SYMTAB:
          symbols_ = reinterpret_cast<const ElfW(Sym)*>(absolute(entry.d_un.d_ptr));
          break;
        case DT_STRTAB:
          strings_ = reinterpret_cast<const char*>(absolute(entry.d_un.d_ptr));
          break;
        case DT_GNU_HASH:
          hash_ = reinterpret_cast<const std::uint32_t*>(absolute(entry.d_un.d_ptr));
          break;
        case DT_VERSYM:
          versions_ = reinterpret_cast<const ElfW(Versym)*>(absolute(entry.d_un.d_ptr));
          break;
        case DT_VERDEF:
          defined_ = absolute(entry.d_un.d_ptr);
          break;
        case DT_SONAME:
          soname_ = entry.d_un.d_val;
          break;
        default:
          break;
      }
    }
    return symbols_ != nullptr && strings_ != nullptr && hash_ != nullptr;
  }

  void* find(const char* name, const char* version) const noexcept {
    std::uint32_t head[4];  // buckets, first symbol, words of the filter, its shift
    if (!read_at(hash_, head) || head[0] == 0 || head[2] == 0) return nullptr;
    const std::uint32_t hash = hash_of(name);
    constexpr unsigned bits = sizeof(ElfW(Addr)) * 8;
    const auto* const filter = reinterpret_cast<const ElfW(Addr)*>(hash_ + 4);
    ElfW(Addr) word = 0;
    if (!read_at(filter + hash / bits % head[2], word)) return nullptr;
    if ((word >> hash % bits & word >> (hash >> head[3]) % bits & 1) == 0) return nullptr;
    const auto* const buckets = reinterpret_cast<const std::uint32_t*>(filter + head[2]);
    const auto* const chains = buckets + head[0];
    std::uint32_t index = 0;
    if (!read_at(buckets + hash % head[0], index) || index < head[1]) return nullptr;
    void* otherwise = nullptr;
    for (;; ++index) {
      std::uint32_t one = 0;
      if (!read_at(chains + (index - head[1]), one)) return nullptr;
      if ((one | 1U) == (hash | 1U)) {
        bool best = false;
        if (void* const found = definition(index, name, version, best)) {
          if (best) return found;
          if (otherwise == nullptr) otherwise = found;
        }
      }
      if ((one & 1U) != 0) return otherwise;
    }
  }

  /// Calls `each(name)` for each library that it needs, as its own table names them.
  template <class Each>
  void for_each_needed(Each each) const noexcept {
    for (const ElfW(Dyn)* at = dynamic_;; ++at) {
      ElfW(Dyn) entry;
      if (!read_at(at, entry) || entry.d_tag == DT_NULL) return;
      text name;
      if (entry.d_tag == DT_NEEDED && name.read(strings_ + entry.d_un.d_val)) each(name.characters);
    }
  }

  [[nodiscard]] bool is_called(const char* name) const noexcept {
    text own;
    return soname_ != 0 && own.read(strings_ + soname_) && std::strcmp(own.characters, name) == 0;
  }

 private:
  /// glibc has added the base address where the section can be written to.
  [[nodiscard]] std::uintptr_t absolute(std::uintptr_t address) const noexcept {
    return address < base_ ? address + base_ : address;
  }

  static std::uint32_t hash_of(const char* name) noexcept {
    std::uint32_t hash = 5381;
    for (; *name != '\0'; ++name) hash = hash * 33 + static_cast<unsigned char>(*name);
    return hash;
  }

  void* definition(std::uint32_t index, const char* name, const char* version, bool& best) const noexcept {
    ElfW(Sym) symbol;
    text own;
    if (!read_at(symbols_ + index, symbol) || symbol.st_shndx == SHN_UNDEF || symbol.st_value == 0 ||
        ELF64_ST_TYPE(symbol.st_info) == STT_TLS || !own.read(strings_ + symbol.st_name) ||
        std::strcmp(own.characters, name) != 0)
      return nullptr;
    ElfW(Versym) given = 1;
    if (versions_ != nullptr && !read_at(versions_ + index, given)) return nullptr;
    constexpr ElfW(Versym) hidden = 0x8000;
    best = version != nullptr && versions_ != nullptr ? has_version(given & ~hidden, version) : (given & hidden) == 0;
    auto* const address = reinterpret_cast<void*>(base_ + symbol.st_value);
    if (ELF64_ST_TYPE(symbol.st_info) != STT_GNU_IFUNC) return address;
    return reinterpret_cast<void* (*)()>(address)();
  }

  [[nodiscard]] bool has_version(ElfW(Versym) number, const char* version) const noexcept {
    ElfW(Verdef) entry;
    for (std::uintptr_t at = defined_; at != 0 && read_at(reinterpret_cast<const void*>(at), entry);) {
      ElfW(Verdaux) name;
      text own;
      if (entry.vd_ndx == number)
        return read_at(reinterpret_cast<const void*>(at + entry.vd_aux), name) && own.read(strings_ + name.vda_name) &&
               std::strcmp(own.characters, version) == 0;
      at = entry.vd_next != 0 ? at + entry.vd_next : 0;
    }
    return false;
  }

  std::uintptr_t base_ = 0;
  const ElfW(Dyn) * dynamic_ = nullptr;
  const ElfW(Sym) * symbols_ = nullptr;
  const char* strings_ = nullptr;
  const std::uint32_t* hash_ = nullptr;
  const ElfW(Versym) * versions_ = nullptr;
  std::uintptr_t defined_ = 0;
  std::uintptr_t soname_ = 0;
};

/// Calls `each(map)` for the libraries in the order in which they were loaded, until it returns true.
template <class Each>
void for_each_library(Each each) noexcept {
  link_map map{};
  unsigned count = 0;
  for (const link_map* at = _r_debug.r_map; at != nullptr && ++count < 4096; at = map.l_next) {
    if (!read_at(at, map)) return;
    text name;
    // The kernel's own has functions of the C library's names, and tables that nobody has relocated.
    if (map.l_name != nullptr && name.read(map.l_name) && std::strncmp(name.characters, "linux-vdso", 10) == 0)
      continue;
    if (each(map)) return;
  }
}

bool find_library(const char* needed, link_map& to) noexcept {
  bool found = false;
  for_each_library([&](const link_map& map) {
    text name;
    library one;
    found = (name.read(map.l_name) && std::strcmp(name.base_name(), needed) == 0) ||
            (one.open(map) && one.is_called(needed));
    if (found) to = map;
    return found;
  });
  return found;
}

/// The library that an address lies in.
bool library_of(const void* address, link_map& to) noexcept {
#ifdef DLFO_STRUCT_HAS_EH_DBASE
  dl_find_object found{};
  return ::_dl_find_object(const_cast<void*>(address), &found) == 0 && read_at(found.dlfo_link_map, to);
#else
  // The last one that begins before it.
  std::uintptr_t best = 0;
  for_each_library([&](const link_map& map) {
    if (map.l_addr <= reinterpret_cast<std::uintptr_t>(address) && map.l_addr >= best) {
      best = map.l_addr;
      to = map;
    }
    return false;
  });
  return best != 0;
#endif
}

/// Where the library that an address lies in begins; 0: not known.
std::uint64_t start_of_library([[maybe_unused]] const void* address) noexcept {
#ifdef DLFO_STRUCT_HAS_EH_DBASE
  dl_find_object found{};
  if (::_dl_find_object(const_cast<void*>(address), &found) != 0) return 0;
  return reinterpret_cast<std::uint64_t>(found.dlfo_map_start);
#else
  return 0;
#endif
}

/// What symbol_for_caller has found in the tables of many libraries. An entry is written once, and holds until a
/// library is closed.
struct remembered_symbol {
  std::atomic<bool> written;
  std::uint32_t closed;
  std::uint64_t library;
  const char* name;
  void* found;
};
constexpr unsigned most_remembered = 256;
constinit remembered_symbol known_symbols[most_remembered]{};
constinit std::atomic<unsigned> symbols_remembered{0};
constinit std::atomic<std::uint32_t> closed_libraries{0};

void* remembered(std::uint64_t library, const char* name, std::uint32_t closed) noexcept {
  const unsigned count = std::min(symbols_remembered.load(), most_remembered);
  for (unsigned i = 0; i < count; ++i) {
    const auto& one = known_symbols[i];
    if (one.written.load() && one.library == library && one.name == name && one.closed == closed) return one.found;
  }
  return nullptr;
}

void remember(std::uint64_t library, const char* name, std::uint32_t closed, void* found) noexcept {
  if (library == 0 || found == nullptr) return;
  const unsigned place = symbols_remembered.fetch_add(1);
  if (place >= most_remembered) return;
  auto& one = known_symbols[place];
  one.closed = closed;
  one.library = library;
  one.name = name;
  one.found = found;
  one.written.store(true);
}

}  // namespace

void libraries_may_be_closed() noexcept {
  // Where the system call is refused (a container's filter) there is no other way than before.
  std::uint32_t probe = 0;
  const std::uint32_t known = 1;
  careful.store(read_safely(reinterpret_cast<std::uint64_t>(&known), &probe, sizeof probe) && probe == known);
}

void* next_symbol(const char* name, const char* version) noexcept {
  bool past = false;
  void* found = nullptr;
  for_each_library([&](const link_map& map) {
    if (!past) {
      past = map.l_ld == static_cast<ElfW(Dyn)*>(_DYNAMIC);
      return false;
    }
    library one;
    if (one.open(map)) found = one.find(name, version);
    return found != nullptr;
  });
  return found;
}

void* any_symbol(const char* name) noexcept {
  void* found = nullptr;
  for_each_library([&](const link_map& map) {
    library one;
    if (map.l_ld != static_cast<ElfW(Dyn)*>(_DYNAMIC) && one.open(map)) found = one.find(name, nullptr);
    return found != nullptr;
  });
  return found;
}

namespace {

void* look_up_for_caller(const void* caller, const char* name) noexcept {
  link_map near[64];
  unsigned count = library_of(caller, near[0]) ? 1 : 0;
  for (unsigned i = 0; i < count; ++i) {
    library one;
    // A function that ends with this call has left its caller's address: ours, where we have called it.
    if (near[i].l_ld == static_cast<ElfW(Dyn)*>(_DYNAMIC) || !one.open(near[i])) continue;
    if (void* const found = one.find(name, nullptr)) return found;
    one.for_each_needed([&](const char* needed) {
      link_map next{};
      if (count == std::size(near) || !find_library(needed, next)) return;
      for (unsigned k = 0; k < count; ++k)
        if (near[k].l_ld == next.l_ld) return;
      near[count++] = next;
    });
  }
  return any_symbol(name);
}

}  // namespace

void* symbol_for_caller(const void* caller, const char* name) noexcept {
  const std::uint64_t library = start_of_library(caller);
  const std::uint32_t closed = closed_libraries.load();
  if (void* const found = remembered(library, name, closed)) return found;
  void* const found = look_up_for_caller(caller, name);
  remember(library, name, closed, found);
  return found;
}

void forget_symbols() noexcept { closed_libraries.fetch_add(1); }

}  // namespace curfew::check
