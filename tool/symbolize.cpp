// SPDX-License-Identifier: Apache-2.0
// curfew symbolize: functions, files and lines for the addresses of a dump that a program has written of itself.
#include "failure.hpp"
#include "options.hpp"
#include "symbols/elfutils.hpp"
#include "symbols/symbols.hpp"
#include "verbs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace curfew::tool {
namespace {

struct symbolize_options {
  std::string file = "-";
  bool keep_addresses = false;
};

/// "/usr/lib/libx.so+0x12ab" in a line, where the text begins and how long it is.
struct address_in_line {
  std::size_t begin = 0, size = 0;
  std::string path;
  std::uint64_t offset = 0;
};

std::optional<address_in_line> find_address(const std::string& line) {
  const auto plus = line.rfind("+0x");
  if (plus == std::string::npos) return std::nullopt;
  constexpr std::string_view before[] = {"  /", " at /"};
  address_in_line found;
  for (const auto text : before)
    if (const auto at = line.rfind(text, plus); at != std::string::npos)
      found.begin = std::max(found.begin, at + text.size() - 1);
  if (found.begin == 0) return std::nullopt;
  const char* const digits = line.data() + plus + 3;
  const auto [end, wrong] = std::from_chars(digits, line.data() + line.size(), found.offset, 16);
  if (wrong != std::errc{}) return std::nullopt;
  found.path = line.substr(found.begin, plus - found.begin);
  found.size = static_cast<std::size_t>(end - line.data()) - found.begin;
  return found;
}

/// The files, as if a process had mapped them: each at an address of its own, far from the others.
class files {
 public:
  /// Where an offset of the file lies then; 0: it is no program or library.
  std::uint64_t address_of(const std::string& path, std::uint64_t offset) {
    const auto [at, is_new] = biases_.try_emplace(path, 0);
    if (is_new) add(path, at->second);
    return at->second == 0 ? 0 : at->second + offset;
  }
  [[nodiscard]] const std::string& maps() const { return maps_; }

 private:
  void add(const std::string& path, std::uint64_t& bias) {
    constexpr std::uint64_t room = std::uint64_t{1} << 36, page = 4096;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return;
    load_elfutils();
    elf_version(EV_CURRENT);
    Elf* const elf = elf_begin(fd, ELF_C_READ_MMAP, nullptr);
    std::uint64_t first = ~std::uint64_t{0}, last = 0;
    std::size_t count = 0;
    if (elf != nullptr && elf_getphdrnum(elf, &count) == 0)
      for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr part;
        if (gelf_getphdr(elf, static_cast<int>(i), &part) == nullptr || part.p_type != PT_LOAD) continue;
        first = std::min<std::uint64_t>(first, part.p_vaddr / page * page);
        last = std::max<std::uint64_t>(last, part.p_vaddr + part.p_memsz);
      }
    if (elf != nullptr) elf_end(elf);
    ::close(fd);
    if (last <= first || last - first >= room) return;
    const std::uint64_t begin = room * ++count_;
    bias = begin - first;
    char line[64];
    std::snprintf(line, sizeof line, "%lx-%lx r-xp 00000000 08:01 %u ", static_cast<unsigned long>(begin),
                  static_cast<unsigned long>(begin + (last - first + page - 1) / page * page), count_);
    maps_ += line + path + "\n";
  }

  std::map<std::string, std::uint64_t> biases_;
  std::string maps_;
  unsigned count_ = 0;
};

std::string words_of(const frame& one) {
  std::string text = one.function.empty() ? "??" : one.function;
  if (!one.file.empty()) text += "  " + one.file + ":" + std::to_string(one.line);
  return text;
}

void print(std::ostream& out, const std::string& line, const address_in_line& at, const std::vector<frame>& frames,
           bool keep) {
  const std::string before = line.substr(0, at.begin), behind = line.substr(at.begin + at.size);
  const std::string address = line.substr(at.begin, at.size);
  if (frames.front().function.empty() && frames.front().file.empty()) {
    out << line << "\n";
    return;
  }
  if (before.find_first_not_of(' ') != std::string::npos) {  // amid other words there is room for one
    const frame& one = frames.back();
    out << before << (one.file.empty() ? one.function : one.file + ":" + std::to_string(one.line))
        << (keep ? " (" + address + ")" : std::string()) << behind << "\n";
    return;
  }
  for (const frame& one : frames)
    out << before << words_of(one) << (keep ? "  " + address : std::string()) << behind << "\n";
}

void run(const symbolize_options& o) {
  std::ifstream file;
  if (o.file != "-") {
    file.open(o.file);
    if (!file) throw failure(failure::own, "cannot read " + o.file + ": " + std::strerror(errno));
  }
  std::istream& in = o.file == "-" ? std::cin : file;
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  if (in.bad()) throw failure(failure::own, "cannot read " + o.file + ": " + std::strerror(errno));
  files all;
  for (const std::string& line : lines)
    if (const auto at = find_address(line)) all.address_of(at->path, at->offset);
  symbols names(all.maps());
  for (const std::string& line : lines) {
    const auto at = find_address(line);
    // What stands there is where a call returns to, which may be the next line.
    const std::uint64_t address = at && at->offset != 0 ? all.address_of(at->path, at->offset - 1) : 0;
    if (address == 0)
      std::cout << line << "\n";
    else
      print(std::cout, line, *at, names.at(address), o.keep_addresses);
  }
  std::cout.flush();
  if (!std::cout) throw failure(failure::own, std::string("cannot write to standard output: ") + std::strerror(errno));
}

}  // namespace

void add_symbolize(command& app) {
  auto* const verb =
      app.add_subcommand("symbolize", "Name the functions and lines in a dump that a program has written");
  const auto o = std::make_shared<symbolize_options>();
  verb->add_flag("--keep-addresses", o->keep_addresses, "Keep module and offset behind each line");
  verb->add_option("FILE", o->file, "The dump, or a log that has one; standard input by default")->option_text(" ");
  verb->footer(
      "The files that the program was run with must still be there.\n"
      "Exit status: 0, or 125 if FILE cannot be read.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
