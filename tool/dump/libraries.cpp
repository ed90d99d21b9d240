// SPDX-License-Identifier: Apache-2.0
// Finding the curfew, or the curfews, of a process: by a note of its file, which no strip takes away, or by its symbol.
#include "dump/files.hpp"
#include "dump/registry.hpp"
#include "symbols/elfutils.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

namespace curfew::tool::dump {
namespace {

/// Addresses as the file has them: they are moved by `bias` in the process.
struct in_file {
  std::uint64_t layout_at = 0;  ///< 0: not there
  bool has_symbols = false;
};

/// The note's text is how far behind it the constant lies.
std::uint64_t find_note(Elf* elf) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return 0;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr part;
    if (gelf_getphdr(elf, static_cast<int>(i), &part) == nullptr || part.p_type != PT_NOTE) continue;
    Elf_Data* const data = elf_getdata_rawchunk(elf, static_cast<std::int64_t>(part.p_offset), part.p_filesz,
                                                part.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
    if (data == nullptr) continue;
    GElf_Nhdr note;
    std::size_t name = 0, text = 0;
    for (std::size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &text)) > 0;) {
      const auto* const bytes = static_cast<const char*>(data->d_buf);
      if (note.n_namesz != sizeof layout::note_name || note.n_type != layout::note_type || note.n_descsz != 8 ||
          std::memcmp(bytes + name, layout::note_name, sizeof layout::note_name) != 0)
        continue;
      std::int64_t behind = 0;
      std::memcpy(&behind, bytes + text, sizeof behind);
      return part.p_vaddr + text + static_cast<std::uint64_t>(behind);
    }
  }
  return 0;
}

in_file find_symbol(Elf* elf) {
  in_file found;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf, section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
    found.has_symbols |= header.sh_type == SHT_SYMTAB;
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) continue;
    for (std::size_t i = 1; i < header.sh_size / header.sh_entsize; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr || symbol.st_shndx == SHN_UNDEF) continue;
      if (GELF_ST_TYPE(symbol.st_info) != STT_OBJECT) continue;
      const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name != nullptr && std::strcmp(name, layout::symbol_name) == 0) {
        found.layout_at = symbol.st_value;
        return found;
      }
    }
  }
  return found;
}

/// How far the file's addresses lie from those in the process, whose first mapping of the file begins there.
std::uint64_t bias_of(Elf* elf, std::uint64_t begin) {
  std::size_t count = 0;
  elf_getphdrnum(elf, &count);
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr part;
    if (gelf_getphdr(elf, static_cast<int>(i), &part) != nullptr && part.p_type == PT_LOAD)
      return begin - part.p_vaddr / 4096 * 4096;
  }
  return begin;
}

void check(library& one, const memory& process) {
  auto& layout = one.layout;
  // A later version may have less or more of it than we know.
  std::uint32_t size = 0;
  const std::uint64_t size_at = one.layout_at + offsetof(layout::registry<std::uint64_t>, size);
  if (!process.read_now(size_at, &size, sizeof size) || size < 64 ||
      !process.read_now(one.layout_at, &layout, std::min<std::size_t>(size, sizeof layout)))
    one.fault = "its memory cannot be read";
  else if (std::memcmp(layout.magic, layout::magic, sizeof layout.magic) != 0)
    one.fault = "what stands at its symbol is not what curfew puts there";
  else if (size < sizeof layout)
    one.fault = "it is older than this curfew dump can read";
  else if (layout.record_size > 65536 || layout.ns_per_tick <= 0)
    one.fault = "what stands at its symbol makes no sense";
}

}  // namespace

libraries find_libraries(const target& of, const std::vector<mapping>& mappings, const memory& process) {
  libraries all;
  load_elfutils();
  elf_version(EV_CURRENT);
  std::set<std::string> seen;
  for (const mapping& one : mappings) {
    if (!one.path.starts_with('/') || !seen.insert(one.path).second) continue;
    const int fd = open_file_of(of, one);
    Elf* const elf = fd >= 0 ? elf_begin(fd, ELF_C_READ_MMAP, nullptr) : nullptr;
    if (elf != nullptr && elf_kind(elf) == ELF_K_ELF) {
      in_file found;
      found.layout_at = find_note(elf);
      if (found.layout_at == 0) found = find_symbol(elf);
      if (found.layout_at != 0) {
        library there;
        there.module = one.path;
        there.layout_at = found.layout_at + bias_of(elf, one.begin);
        check(there, process);
        all.found.push_back(std::move(there));
      } else if (one.path == of.program) {
        all.symbols_are_missing = !found.has_symbols;
      }
    }
    if (elf != nullptr) elf_end(elf);
    if (fd >= 0) ::close(fd);
  }
  return all;
}

}  // namespace curfew::tool::dump
