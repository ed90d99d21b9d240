// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include "failure.hpp"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

namespace curfew::tool {
namespace {

using header = ElfW(Ehdr);
using program_header = ElfW(Phdr);

[[noreturn]] void cannot_preload(const std::string& path, const std::string& why) {
  throw failure(failure::own, "cannot preload a library into " + path + ": " + why);
}

[[noreturn]] void cannot_start(const std::string& name, int error) {
  throw failure(error == ENOENT ? failure::no_such_program : failure::cannot_start,
                "cannot start " + name + ": " + std::strerror(error));
}

/// The rules of execvp.
std::string find_in_path(const std::string& name) {
  if (name.empty()) cannot_start("''", ENOENT);
  if (name.find('/') != std::string::npos) return name;
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/bin:/usr/bin");
  int error = ENOENT;
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    struct stat about {};
    if (::stat(candidate.c_str(), &about) != 0 || S_ISDIR(about.st_mode)) continue;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    error = errno;
  }
  cannot_start(name, error);
}

/// The loader leaves LD_PRELOAD out where a program gets more rights than who starts it.
void check_rights(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) cannot_start(path, errno);
  if (S_ISDIR(about.st_mode)) cannot_start(path, EACCES);
  if (::access(path.c_str(), X_OK) != 0) cannot_start(path, errno);
  if ((about.st_mode & S_ISUID) != 0 && about.st_uid != ::geteuid()) cannot_preload(path, "it is setuid");
  if ((about.st_mode & S_ISGID) != 0 && about.st_gid != ::getegid()) cannot_preload(path, "it is setgid");
  if (::geteuid() != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0)
    cannot_preload(path, "it has file capabilities");
}

std::string interpreter_of(std::ifstream& file, const program_header& where) {
  std::string name(where.p_filesz, '\0');
  file.seekg(static_cast<std::streamoff>(where.p_offset));
  file.read(name.data(), static_cast<std::streamsize>(name.size()));
  name.resize(std::strlen(name.c_str()));
  return name;
}

void check_elf(const std::string& path, std::ifstream& file, const header& head) {
  header own{};
  std::ifstream("/proc/self/exe", std::ios::binary).read(reinterpret_cast<char*>(&own), sizeof own);
  if (head.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] || head.e_ident[EI_DATA] != own.e_ident[EI_DATA] ||
      head.e_machine != own.e_machine)
    cannot_preload(path, "it was built for another architecture");
  std::vector<program_header> parts(head.e_phnum);
  file.seekg(static_cast<std::streamoff>(head.e_phoff));
  file.read(reinterpret_cast<char*>(parts.data()), static_cast<std::streamsize>(parts.size() * sizeof(program_header)));
  if (!file) cannot_start(path, ENOEXEC);
  for (const program_header& part : parts)
    if (part.p_type == PT_INTERP) {
      const std::string loader = interpreter_of(file, part);
      if (loader.find("/ld-musl") != std::string::npos)
        cannot_preload(path, "it was built for another C library, musl");
      return;
    }
  cannot_preload(path, "it is statically linked");
}

/// `depth`: an interpreter of a script may be a script.
void check_file(const std::string& path, int depth) {
  check_rights(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return;  // executable and not readable: only the kernel knows
  header head{};
  file.read(reinterpret_cast<char*>(&head), sizeof head);
  const auto got = file.gcount();
  if (got >= 2 && std::memcmp(&head, "#!", 2) == 0) {
    file.clear();
    file.seekg(2);
    std::string line;
    std::getline(file, line);
    std::istringstream words(line);
    std::string interpreter;
    words >> interpreter;
    if (depth < 4 && !interpreter.empty()) check_file(interpreter, depth + 1);
    return;
  }
  if (got == sizeof head && std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0) return check_elf(path, file, head);
  // A 32-bit program's header is shorter; an empty file and anything else is execve's to judge.
  if (got > EI_CLASS && std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0)
    cannot_preload(path, "it was built for another architecture");
}

}  // namespace

std::string find_preloadable(const std::string& name) {
  std::string path = find_in_path(name);
  check_file(path, 0);
  return path;
}

}  // namespace curfew::tool
