// SPDX-License-Identifier: Apache-2.0
#include "symbols/symbols.hpp"

#include "symbols/elfutils.hpp"
#include "symbols/scopes.hpp"
#include "symbols/variables.hpp"

#include <dwarf.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

namespace curfew::tool {

namespace {

std::string base_name(const char* path) {
  if (path == nullptr) return {};
  const std::string_view whole(path);
  return std::string(whole.substr(whole.rfind('/') + 1));
}

}  // namespace

struct symbols::implementation {
  struct object_symbol {
    std::uint64_t begin, size;
    const char* name;
  };
  struct unit_range {
    Dwarf_Addr begin, end;
    Dwarf_Die* unit;
    Dwarf_Addr bias;
  };
  struct module {
    Dwfl_Module* its;
    std::uint64_t begin, end, base;
    std::string name;
    bool of_system;
    bool listed = false, units_listed = false;
    std::vector<unit_range> units;
    std::vector<object_symbol> objects;
    std::map<Dwarf_Addr, variable> variables;
  };

  Dwfl* dwfl = nullptr;
  Dwfl_Callbacks callbacks{};
  opener open;
  char* debug_path = nullptr;
  std::vector<module> modules;
  std::map<std::uint64_t, std::vector<frame>> frames;  // that have been asked for

  module* find(std::uint64_t address) {
    for (auto& one : modules)
      if (address >= one.begin && address < one.end) return &one;
    return nullptr;
  }

  void add(Dwfl_Module* its, const char* name) {
    Dwarf_Addr begin = 0, end = 0;
    dwfl_module_info(its, nullptr, &begin, &end, nullptr, nullptr, nullptr, nullptr);
    GElf_Addr bias = 0;
    std::uint64_t base = begin;
    if (Elf* const elf = dwfl_module_getelf(its, &bias)) {
      base = bias;
      std::size_t count = 0;
      elf_getphdrnum(elf, &count);
      // What the file does not fill (.bss) is no mapping of the file.
      for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr part;
        if (gelf_getphdr(elf, static_cast<int>(i), &part) != nullptr && part.p_type == PT_LOAD)
          end = std::max<Dwarf_Addr>(end, bias + part.p_vaddr + part.p_memsz);
      }
    }
    const std::string_view path(name != nullptr ? name : "");
    const bool of_system = path.starts_with("/usr/lib") || path.starts_with("/lib");
    modules.push_back({its, begin, end, base, base_name(name), of_system, false, false, {}, {}, {}});
  }

  static int find_elf(Dwfl_Module* one, void** user, const char* name, Dwarf_Addr begin, char** file, Elf** elf) {
    const auto* const its = static_cast<const implementation*>(*user);
    if (its == nullptr || !its->open || name == nullptr || *name != '/')
      return dwfl_linux_proc_find_elf(one, user, name, begin, file, elf);
    const int fd = its->open(name, begin);
    if (fd >= 0) *file = ::strdup(name);
    return fd;
  }

  /// The compilation unit of code. The table of address ranges may not be there (clang), or not have it.
  static Dwarf_Die* unit_at(module& one, Dwarf_Addr address, Dwarf_Addr& bias) {
    if (Dwarf_Die* const unit = dwfl_module_addrdie(one.its, address, &bias)) return unit;
    if (!one.units_listed) {
      one.units_listed = true;
      Dwarf_Die* unit = nullptr;
      Dwarf_Addr shift = 0;
      while ((unit = dwfl_module_nextcu(one.its, unit, &shift)) != nullptr) {
        Dwarf_Addr base = 0, begin = 0, end = 0;
        for (std::ptrdiff_t at = 0; (at = dwarf_ranges(unit, at, &base, &begin, &end)) > 0;)
          one.units.push_back({begin + shift, end + shift, unit, shift});
      }
    }
    for (const auto& range : one.units)
      if (address >= range.begin && address < range.end) {
        bias = range.bias;
        return range.unit;
      }
    return nullptr;
  }

  static void list_objects(module& one) {
    if (one.listed) return;
    one.listed = true;
    const int count = dwfl_module_getsymtab(one.its);
    for (int i = 1; i < count; ++i) {
      GElf_Sym symbol;
      GElf_Addr address = 0;
      const char* const name = dwfl_module_getsym_info(one.its, i, &symbol, &address, nullptr, nullptr, nullptr);
      if (name == nullptr || symbol.st_size == 0 || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT) continue;
      one.objects.push_back({address, symbol.st_size, name});
    }
    Dwarf_Die* unit = nullptr;
    Dwarf_Addr bias = 0;
    while ((unit = dwfl_module_nextcu(one.its, unit, &bias)) != nullptr) collect_variables(unit, bias, one.variables);
  }
};

symbols::symbols(std::string_view maps) : symbols(maps, 0, {}) {}

symbols::symbols(std::string_view maps, pid_t pid, opener open) : its_(std::make_unique<implementation>()) {
  its_->open = std::move(open);
  load_elfutils();
  its_->callbacks.find_elf = &implementation::find_elf;
  its_->callbacks.find_debuginfo = dwfl_standard_find_debuginfo;
  its_->callbacks.debuginfo_path = &its_->debug_path;
  // A server for debug information would make the end of a program wait for the network.
  ::unsetenv("DEBUGINFOD_URLS");
  its_->dwfl = dwfl_begin(&its_->callbacks);
  std::string text(maps);
  if (its_->dwfl == nullptr || text.empty()) return;
  if (std::FILE* const file = ::fmemopen(text.data(), text.size(), "r")) {
    dwfl_linux_proc_maps_report(its_->dwfl, file);
    std::fclose(file);
  }
  if (const auto line = text.find("[vdso]"); pid != 0 && line != std::string::npos) {
    std::uint64_t begin = 0, end = 0;
    const auto at = text.rfind('\n', line) + 1;  // 0 behind the last position: it wraps
    if (std::sscanf(text.c_str() + at, "%lx-%lx", &begin, &end) == 2)
      dwfl_report_module(its_->dwfl, ("[vdso: " + std::to_string(pid) + "]").c_str(), begin, end);
  }
  dwfl_report_end(its_->dwfl, nullptr, nullptr);
  dwfl_getmodules(
      its_->dwfl,
      [](Dwfl_Module* one, void** user, const char* name, Dwarf_Addr, void* to) {
        *user = to;
        static_cast<implementation*>(to)->add(one, name);
        return static_cast<int>(DWARF_CB_OK);
      },
      its_.get(), 0);
}

symbols::~symbols() {
  if (its_->dwfl != nullptr) dwfl_end(its_->dwfl);
}

Dwfl* symbols::handle() const { return its_->dwfl; }

const std::vector<frame>& symbols::at(std::uint64_t address) {
  // The threads of a pool have the same stack, and looking through a module's symbols takes long.
  const auto [known, is_new] = its_->frames.try_emplace(address);
  if (is_new) known->second = look_up(address);
  return known->second;
}

std::vector<frame> symbols::look_up(std::uint64_t address) {
  frame whole;
  whole.address = address;
  auto* const module = its_->find(address);
  if (module == nullptr) return {whole};
  whole.module = module->name;
  whole.of_system = module->of_system;
  whole.offset = address - module->base;
  whole.function = demangled(dwfl_module_addrname(module->its, address));
  whole.symbol = whole.function;
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = implementation::unit_at(*module, address, bias);
  if (Dwarf_Line* const line = unit != nullptr ? dwarf_getsrc_die(unit, address - bias) : nullptr) {
    const char* const file = dwarf_linesrc(line, nullptr, nullptr);
    if (file != nullptr) whole.file = file;
    dwarf_lineno(line, &whole.line);
  }
  const std::string symbol = whole.function;
  std::vector<frame> all;
  Dwarf_Die* scopes = nullptr;
  const int count = unit != nullptr ? scopes_at(unit, address - bias, scopes) : 0;
  Dwarf_Files* files = nullptr;
  if (unit != nullptr) dwarf_getsrcfiles(unit, &files, nullptr);
  for (int i = 0; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    frame one = whole;
    // Of a lambda only the symbol table knows the whole name.
    const char* const name = name_of(&scopes[i]);
    const bool whole_name = tag == DW_TAG_subprogram && name != nullptr && name == std::string_view("operator()");
    if (name != nullptr && !(whole_name && !symbol.empty())) one.function = demangled(name);
    if (whole_name && !symbol.empty()) one.function = symbol;
    all.push_back(one);
    if (tag == DW_TAG_subprogram) break;
    // The next one out stands where this one was called.
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    whole.file.clear();
    whole.line = 0;
    if (dwarf_formudata(dwarf_attr(&scopes[i], DW_AT_call_file, &attribute), &number) == 0 && files != nullptr)
      if (const char* const file = dwarf_filesrc(files, number, nullptr, nullptr)) whole.file = file;
    if (dwarf_formudata(dwarf_attr(&scopes[i], DW_AT_call_line, &attribute), &number) == 0)
      whole.line = static_cast<int>(number);
  }
  std::free(scopes);
  if (all.empty()) all.push_back(whole);
  return all;
}

static_object symbols::object_at(std::uint64_t address) {
  static_object found;
  found.offset = address;
  auto* const module = its_->find(address);
  if (module == nullptr) return found;
  implementation::list_objects(*module);
  found.module = module->name;
  found.of_system = module->of_system;
  found.offset = address - module->base;
  for (const auto& one : module->objects)
    if (address >= one.begin && address < one.begin + one.size && (found.size == 0 || one.size < found.size)) {
      found.name = demangled(one.name);
      found.size = one.size;
    }
  const auto after = module->variables.upper_bound(address);
  if (after != module->variables.begin()) {
    const auto& [begin, declared] = *std::prev(after);
    if (begin == address || (found.size != 0 && address < begin + found.size)) {
      if (found.name.empty()) found.name = demangled(declared.name.c_str());
      found.file = declared.file;
      found.line = declared.line;
    }
  }
  return found;
}

static_object symbols::local_at(std::uint64_t address, std::uint64_t begin, std::uint64_t end, std::uint64_t pc) {
  static_object found;
  found.offset = end - address;
  auto* const module = its_->find(pc);
  if (module == nullptr) return found;
  found.module = module->name;
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = implementation::unit_at(*module, pc, bias);
  Dwarf_Die* scopes = nullptr;
  const int count = unit != nullptr ? scopes_at(unit, pc - bias, scopes) : 0;
  for (int i = 0; i < count; ++i) {
    variable declared;
    if (dwarf_tag(&scopes[i]) != DW_TAG_subprogram) continue;
    const std::int64_t behind = find_local_variable(&scopes[i], {begin, end}, address, declared, found.size);
    if (behind < 0) continue;
    found.offset += static_cast<std::uint64_t>(behind);
    found.name = demangled(declared.name.c_str());
    found.file = declared.file;
    found.line = declared.line;
    break;
  }
  std::free(scopes);
  return found;
}

static_object symbols::thread_object_at(std::uint64_t address, std::uint64_t thread) {
  static_object found;
  found.offset = address;
#if defined(__x86_64__)  // where the program's own block ends at the thread's pointer, which is its pthread_t
  for (auto& one : its_->modules) {
    GElf_Addr bias = 0;
    Elf* const elf = dwfl_module_getelf(one.its, &bias);
    std::size_t count = 0;
    if (elf == nullptr || elf_getphdrnum(elf, &count) != 0) continue;
    std::uint64_t size = 0;
    bool is_program = false;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr part;
      if (gelf_getphdr(elf, static_cast<int>(i), &part) == nullptr) continue;
      is_program |= part.p_type == PT_INTERP && one.name.find(".so") == std::string::npos;
      if (part.p_type == PT_TLS) {
        const std::uint64_t align = std::max<std::uint64_t>(part.p_align, 1);
        size = (part.p_memsz + align - 1) / align * align;
      }
    }
    if (!is_program || address < thread - size || address >= thread) continue;
    const std::uint64_t offset = address - (thread - size);
    const int symbol_count = dwfl_module_getsymtab(one.its);
    for (int i = 1; i < symbol_count; ++i) {
      GElf_Sym symbol;
      const char* const name = dwfl_module_getsym(one.its, i, &symbol, nullptr);
      if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_TLS) continue;
      // libdwfl takes the offset for an address and adds the module's.
      for (const std::uint64_t value : {symbol.st_value, symbol.st_value - bias, symbol.st_value - one.base})
        if (offset >= value && offset < value + symbol.st_size) {
          found.name = demangled(name);
          found.size = symbol.st_size;
          found.module = one.name;
        }
    }
  }
#else
  static_cast<void>(thread);
#endif
  return found;
}

}  // namespace curfew::tool
