// SPDX-License-Identifier: Apache-2.0
#include "check/facts/object_sizes.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

namespace curfew::check {
namespace {

struct module {
  std::uint64_t base, begin, end;  // of its data
  std::uint64_t read_only_end;     // what the loader has made read-only lies before it
  const char* file;                // mapped for good: the process is about to end
  std::size_t file_size;
  const ElfW(Sym) * symbols;
  std::size_t symbol_count;
  const char* names;
  std::size_t names_size;
  bool relocated;
};
constexpr unsigned max_modules = 512;
constinit module modules[max_modules]{};
constinit unsigned module_count = 0;

/// A destroyed object of theirs would be no news to their users, and they are needed to tell of others.
bool is_looked_at(const char* path, const dl_phdr_info& info) noexcept {
  const char* const slash = std::strrchr(path, '/');
  const std::string_view name(slash != nullptr ? slash + 1 : path);
  if (name.starts_with("libc.so") || name.starts_with("ld-linux") || name.starts_with("ld-musl") ||
      name.starts_with("linux-vdso"))
    return false;
  const auto own = reinterpret_cast<std::uint64_t>(&modules);
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& part = info.dlpi_phdr[i];
    const std::uint64_t begin = info.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && own >= begin && own < begin + part.p_memsz) return false;
  }
  return true;
}

template <class T>
const T* at(const module& m, std::size_t offset, std::size_t count = 1) noexcept {
  if (m.file == nullptr || offset > m.file_size || count > (m.file_size - offset) / sizeof(T)) return nullptr;
  return reinterpret_cast<const T*>(m.file + offset);
}

void find_symbols(module& m) noexcept {
  const auto* const head = at<ElfW(Ehdr)>(m, 0);
  if (head == nullptr || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) return;
  m.relocated = head->e_type != ET_EXEC;
  const auto* const sections = at<ElfW(Shdr)>(m, head->e_shoff, head->e_shnum);
  if (sections == nullptr) return;
  for (const unsigned wanted : {SHT_SYMTAB, SHT_DYNSYM})
    for (unsigned i = 0; i < head->e_shnum; ++i) {
      if (sections[i].sh_type != wanted || m.symbols != nullptr) continue;
      m.symbol_count = sections[i].sh_size / sizeof(ElfW(Sym));
      m.symbols = at<ElfW(Sym)>(m, sections[i].sh_offset, m.symbol_count);
      if (sections[i].sh_link >= head->e_shnum) continue;
      const auto& names = sections[sections[i].sh_link];
      m.names = at<char>(m, names.sh_offset, names.sh_size);
      m.names_size = names.sh_size;
    }
}

int add(dl_phdr_info* info, std::size_t, void*) {
  if (module_count == max_modules) return 1;
  const char* const path = info->dlpi_name[0] != '\0' ? info->dlpi_name : "/proc/thread-self/exe";
  if (!is_looked_at(path, *info)) return 0;
  module m{};
  m.base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& part = info->dlpi_phdr[i];
    const std::uint64_t begin = info->dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_GNU_RELRO) m.read_only_end = begin + part.p_memsz;
    if (part.p_type != PT_LOAD || (part.p_flags & PF_W) == 0) continue;
    if (m.end == 0 || begin < m.begin) m.begin = begin;
    if (begin + part.p_memsz > m.end) m.end = begin + part.p_memsz;
  }
  if (m.end == 0) return 0;
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    struct stat about {};
    if (::fstat(fd, &about) == 0 && about.st_size > 0) {
      void* const file = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
      if (file != MAP_FAILED) {
        m.file = static_cast<const char*>(file);
        m.file_size = static_cast<std::size_t>(about.st_size);
      }
    }
    ::close(fd);
    find_symbols(m);
  }
  modules[module_count++] = m;
  return 0;
}

/// The code lies before the data.
bool contains(const module& m, std::uint64_t address) noexcept { return address >= m.base && address < m.end; }

memory_range data_of(const module& m) noexcept {
  return writable_data_around(m.read_only_end > m.begin ? m.end - 1 : m.begin);
}

}  // namespace

unsigned data_range_count() noexcept { return module_count; }

memory_range writable_data_around(std::uint64_t address) noexcept {
  constexpr std::uint64_t page = 4096, most = 256 * page;
  for (unsigned i = 0; i < module_count; ++i) {
    const module& m = modules[i];
    if (address < m.begin || address >= m.end) continue;
    const std::uint64_t from = m.read_only_end > m.begin ? m.read_only_end : m.begin;
    const memory_range all{(from + page - 1) & ~(page - 1), (m.end + page - 1) & ~(page - 1)};
    if (address < all.begin || all.end - all.begin > most) return {0, 0};
    return all;
  }
  return {0, 0};
}

memory_range data_range(unsigned i) noexcept { return {modules[i].begin, modules[i].end}; }

bool library_range(void* handle, std::uint64_t& begin, std::uint64_t& end, const char*& path) noexcept {
  const auto* const map = static_cast<const link_map*>(handle);
  if (map == nullptr || map->l_name == nullptr || map->l_name[0] == '\0') return false;
  struct search {
    std::uint64_t base, begin, end;
  } wanted{map->l_addr, 0, 0};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* given) {
        auto& w = *static_cast<search*>(given);
        if (info->dlpi_addr != w.base) return 0;
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& part = info->dlpi_phdr[i];
          if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
          w.begin = info->dlpi_addr + part.p_vaddr;
          w.end = w.begin + part.p_memsz;
        }
        return 1;
      },
      &wanted);
  if (wanted.end == 0) return false;
  begin = wanted.begin;
  end = wanted.end;
  path = map->l_name;
  return true;
}

bool is_loaded(std::uint64_t begin) noexcept {
  struct search {
    std::uint64_t address;
    bool found;
  } wanted{begin, false};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* given) {
        auto& w = *static_cast<search*>(given);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& part = info->dlpi_phdr[i];
          const std::uint64_t from = info->dlpi_addr + part.p_vaddr;
          w.found |= part.p_type == PT_LOAD && w.address >= from && w.address < from + part.p_memsz;
        }
        return w.found ? 1 : 0;
      },
      &wanted);
  return wanted.found;
}

void load_object_sizes() noexcept {
  module_count = 0;
  ::dl_iterate_phdr(&add, nullptr);
}

void measure_object(std::uint64_t address, std::uint64_t& size, std::uint64_t& limit) noexcept {
  size = 0;
  for (unsigned i = 0; i < module_count; ++i) {
    const module& m = modules[i];
    if (address < m.begin || address >= m.end) continue;
    limit = m.end - address;
    const std::uint64_t wanted = m.relocated ? address - m.base : address;
    for (std::size_t k = 0; m.symbols != nullptr && k < m.symbol_count; ++k) {
      const auto& symbol = m.symbols[k];
      if (ELF64_ST_TYPE(symbol.st_info) != STT_OBJECT || symbol.st_shndx == SHN_UNDEF) continue;
      if (symbol.st_value > wanted) limit = limit < symbol.st_value - wanted ? limit : symbol.st_value - wanted;
      if (wanted < symbol.st_value || wanted >= symbol.st_value + symbol.st_size) continue;
      const std::uint64_t rest = symbol.st_value + symbol.st_size - wanted;
      if (size == 0 || rest < size) size = rest;
    }
    if (size == 0) size = unknown_size;
    return;
  }
}

bool object_around(std::uint64_t address, std::uint64_t& begin, std::uint64_t& size) noexcept {
  size = 0;
  for (unsigned i = 0; i < module_count; ++i) {
    const module& m = modules[i];
    if (address < m.begin || address >= m.end) continue;
    const std::uint64_t wanted = m.relocated ? address - m.base : address;
    for (std::size_t k = 0; m.symbols != nullptr && k < m.symbol_count; ++k) {
      const auto& symbol = m.symbols[k];
      if (ELF64_ST_TYPE(symbol.st_info) != STT_OBJECT || symbol.st_shndx == SHN_UNDEF) continue;
      if (wanted < symbol.st_value || wanted >= symbol.st_value + symbol.st_size) continue;
      if (size != 0 && symbol.st_size >= size) continue;
      begin = address - (wanted - symbol.st_value);
      size = symbol.st_size;
    }
  }
  return size != 0;
}

memory_range writable_data_of(std::uint64_t function) noexcept {
  for (unsigned i = 0; i < module_count; ++i)
    if (contains(modules[i], function)) return data_of(modules[i]);
  return {0, 0};
}

bool is_in_a_module(std::uint64_t address) noexcept {
  for (unsigned i = 0; i < module_count; ++i)
    if (contains(modules[i], address)) return true;
  return false;
}

memory_range data_of_array_destructor(std::uint64_t function) noexcept {
  for (unsigned i = 0; i < module_count; ++i) {
    const module& m = modules[i];
    if (m.names == nullptr || !contains(m, function)) continue;
    const std::uint64_t wanted = m.relocated ? function - m.base : function;
    for (std::size_t k = 0; m.symbols != nullptr && k < m.symbol_count; ++k) {
      const auto& symbol = m.symbols[k];
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_value != wanted || symbol.st_name >= m.names_size)
        continue;
      const std::string_view name(m.names + symbol.st_name, ::strnlen(m.names + symbol.st_name, 32));
      if (name.starts_with("__tcf_") || name.starts_with("__cxx_global_array_dtor")) return data_of(m);
    }
  }
  return {0, 0};
}

}  // namespace curfew::check
