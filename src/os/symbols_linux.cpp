// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/symbols.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace curfew::inline v1::detail::os {
namespace {

/// A file in memory, for as long as the object lives.
class mapped_file {
 public:
  explicit mapped_file(const char* path) noexcept {
    const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat about {};
    if (::fstat(fd, &about) == 0 && about.st_size > static_cast<off_t>(sizeof(ElfW(Ehdr)))) {
      size_ = static_cast<std::size_t>(about.st_size);
      void* const at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      if (at != MAP_FAILED) data_ = static_cast<const char*>(at);
    }
    ::close(fd);
  }
  ~mapped_file() {
    if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;

  /// Null unless all `count` objects lie inside the file.
  template <class T>
  const T* at(std::size_t offset, std::size_t count = 1) const noexcept {
    if (data_ == nullptr || offset > size_ || count > (size_ - offset) / sizeof(T) || offset % alignof(T) != 0)
      return nullptr;
    return reinterpret_cast<const T*>(data_ + offset);
  }
  std::size_t size() const noexcept { return size_; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The function around `offset` in the file's symbol table, and how far into it. Null when there is none.
const char* look_up(const mapped_file& file, std::uintptr_t offset, std::uintptr_t base,
                    std::uintptr_t& into) noexcept {
  const auto* header = file.at<ElfW(Ehdr)>(0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return nullptr;
  if (header->e_type == ET_EXEC) offset += base;  // not relocatable: its symbols are addresses
  const auto* sections = file.at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return nullptr;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const auto& table = sections[i];
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= header->e_shnum) continue;
    const auto& strings = sections[table.sh_link];
    const std::size_t count = table.sh_size / sizeof(ElfW(Sym));
    const auto* symbols = file.at<ElfW(Sym)>(table.sh_offset, count);
    const char* text = file.at<char>(strings.sh_offset, strings.sh_size);
    if (symbols == nullptr || text == nullptr) continue;
    for (std::size_t k = 0; k < count; ++k) {
      const auto& s = symbols[k];
      if (ELF64_ST_TYPE(s.st_info) != STT_FUNC || s.st_shndx == SHN_UNDEF || s.st_name >= strings.sh_size) continue;
      if (offset < s.st_value || offset >= s.st_value + s.st_size) continue;
      into = offset - s.st_value;
      return text + s.st_name;
    }
  }
  return nullptr;
}

void append_name(symbol_text& to, const char* name, std::uintptr_t into) noexcept {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> plain(abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  to << (status == 0 && plain ? plain.get() : name) << "+" << reinterpret_cast<const void*>(into);
}

}  // namespace

void append_code(symbol_text& to, const void* address) noexcept {
  address = static_cast<const char*>(address) - 1;  // inside the call, not behind it
  Dl_info info{};
  if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr) return void(to << address);
  const auto base = reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  const auto offset = reinterpret_cast<std::uintptr_t>(address) - base;
  // The table of all functions, where the file has it; the program's own local ones are in no other.
  {
    mapped_file file(info.dli_fname);
    mapped_file self(file.size() == 0 ? "/proc/self/exe" : "");
    std::uintptr_t into = 0;
    const char* name = look_up(file, offset, base, into);
    if (name == nullptr && self.size() != 0) name = look_up(self, offset, base, into);
    if (name != nullptr) return append_name(to, name, into);
  }
  if (info.dli_sname != nullptr)
    return append_name(to, info.dli_sname,
                       reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(info.dli_saddr));
  const std::string_view path(info.dli_fname);
  to << path.substr(path.rfind('/') + 1) << "+" << reinterpret_cast<const void*>(offset);
}

const void* called_by_exit(void* const* frames, int count) noexcept {
  // From the outermost inwards: first the C library's exit, then what is not the C library's or the loader's.
  bool in_exit = false;
  for (int i = count - 1; i >= 0; --i) {
    Dl_info info{};
    // A return address may lie behind the last instruction of a function that does not return, as exit.
    if (::dladdr(static_cast<char*>(frames[i]) - 1, &info) == 0 || info.dli_fname == nullptr) continue;
    const std::string_view path(info.dli_fname);
    const auto file = path.substr(path.rfind('/') + 1);
    const bool c_library = file.starts_with("libc.") || file.starts_with("ld-");
    if (!in_exit)
      in_exit = c_library && info.dli_sname != nullptr && std::strcmp(info.dli_sname, "exit") == 0;
    else if (!c_library)
      return frames[i];
  }
  return nullptr;
}

const char* error_text(int error) noexcept {
  // A template, so that it compiles where the C library does not have the function.
  const auto look_up = [](auto number) -> const char* {
    if constexpr (requires { strerrordesc_np(number); })
      return strerrordesc_np(number);
    else
      return nullptr;
  };
  return look_up(error);
}

}  // namespace curfew::inline v1::detail::os

#endif
