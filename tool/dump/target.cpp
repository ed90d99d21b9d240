// SPDX-License-Identifier: Apache-2.0
#include "dump/target.hpp"

#include "dump/registers.hpp"
#include "failure.hpp"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <sstream>

namespace curfew::tool::dump {
namespace {

/// There, and not to be looked at.
failure closed(const std::string& why) { return {failure::cannot_start, why}; }

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string user_name(const std::string& id) {
  const passwd* const user = ::getpwuid(static_cast<uid_t>(std::strtoul(id.c_str(), nullptr, 10)));
  return user != nullptr ? user->pw_name : "user " + id;
}

std::string first_word(const std::string& text) { return text.substr(0, text.find_first_of(" \t")); }

pid_t number_in(const std::string& text) {
  pid_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong == std::errc::result_out_of_range && end == text.data() + text.size())
    throw failure(failure::no_such_program, "there is no process " + text);
  if (wrong != std::errc{} || end != text.data() + text.size() || number <= 0)
    throw failure(failure::own, "'" + text + "' is not a process id, which is a whole number above 0");
  return number;
}

/// The class of its program's file, before it is stopped for nothing.
void check_class(const target& of, const std::string& folder) {
  unsigned char ident[EI_NIDENT] = {};
  const int fd = ::open((folder + "exe").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;  // whose is it? ptrace will say
  const bool whole = ::pread(fd, ident, sizeof ident, 0) == static_cast<ssize_t>(sizeof ident);
  ::close(fd);
  if (whole && std::memcmp(ident, ELFMAG, SELFMAG) == 0 && ident[EI_CLASS] == ELFCLASS32)
    throw closed("process " + std::to_string(of.pid) + ", " + in_quotes(of.name) +
                 ", is a 32-bit program, whose threads this curfew cannot read");
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat one {
  }, other{};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

}  // namespace

std::string text_of(const std::string& path) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char part[65536];
  for (ssize_t size; (size = ::read(fd, part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(size));
  ::close(fd);
  return text;
}

std::string link_of(const std::string& path) {
  char text[PATH_MAX];
  const ssize_t size = ::readlink(path.c_str(), text, sizeof text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::map<std::string, std::string, std::less<>> status_of(const std::string& folder) {
  std::map<std::string, std::string, std::less<>> lines;
  std::istringstream text(text_of(folder + "status"));
  for (std::string line; std::getline(text, line);)
    if (const auto colon = line.find(':'); colon != std::string::npos) {
      const auto value = line.find_first_not_of(" \t", colon + 1);
      lines.emplace(line.substr(0, colon), value == std::string::npos ? std::string() : line.substr(value));
    }
  return lines;
}

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> all;
  DIR* const folder = ::opendir(("/proc/" + std::to_string(pid) + "/task").c_str());
  if (folder == nullptr) return all;
  while (const dirent* const one = ::readdir(folder))
    if (const pid_t tid = std::atoi(one->d_name); tid > 0) all.push_back(tid);
  ::closedir(folder);
  std::ranges::sort(all);
  return all;
}

task_line read_task(pid_t pid, pid_t tid) {
  // "42 (a name with ) and blanks) S …"
  const std::string text = text_of("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/stat");
  const auto begin = text.find('('), end = text.rfind(')');
  if (begin == std::string::npos || end == std::string::npos || end + 2 >= text.size()) return {};
  return {text[end + 2], text.substr(begin + 1, end - begin - 1)};
}

target find_target(const std::string& pid) {
  target found;
  found.pid = number_in(pid);
  if (!processor_is_known) throw failure(failure::own, "curfew cannot read the stacks of this processor");
  const std::string folder = "/proc/" + std::to_string(found.pid) + "/";
  if (::access("/proc/self/status", R_OK) != 0)
    throw failure(failure::own, "/proc is not mounted, and everything about processes is there");
  if (found.pid == ::getpid())
    throw closed("process " + std::to_string(found.pid) + " is this curfew dump itself, which cannot stop itself");
  const auto status = status_of(folder);
  const auto line = [&](const char* name) {
    const auto at = status.find(name);
    return at != status.end() ? at->second : std::string();
  };
  if (status.empty())
    throw failure(failure::no_such_program, "there is no process " + std::to_string(found.pid) +
                                                (::access(folder.c_str(), F_OK) == 0 ? " that we may see" : ""));
  found.name = line("Name");
  const std::string whose = "process " + std::to_string(found.pid) + ", " + in_quotes(found.name) + ", ";
  if (line("Tgid") != std::to_string(found.pid))
    throw closed(std::to_string(found.pid) + " is a thread of process " + line("Tgid") + "; say: curfew dump " +
                 line("Tgid"));
  const auto threads = threads_of(found.pid);
  if (line("State").starts_with('X') || (line("State").starts_with('Z') && threads.size() <= 1))
    throw closed(whose + "has ended, and its parent, process " + line("PPid") + " " +
                 in_quotes(status_of("/proc/" + line("PPid") + "/")["Name"]) +
                 ", has not taken note of it: nothing is left to look at");
  if (line("VmSize").empty() && line("Kthread") != "0" && !line("State").starts_with('Z'))
    throw closed(whose + "is a thread of the kernel");
  if (const std::string tracer = line("TracerPid"); tracer != "0" && !tracer.empty())
    throw closed(whose + "is traced by process " + tracer + " " +
                 in_quotes(status_of("/proc/" + tracer + "/")["Name"]) + ", and only one process can trace another");
  check_class(found, folder);
  found.program = link_of(folder + "exe");
  if (const std::string root = folder + "root";
      link_of(folder + "ns/mnt") != link_of("/proc/self/ns/mnt") || !is_same_file(root + "/", "/"))
    found.root = root;
  const std::string numbers = link_of(folder + "ns/pid");
  found.own_numbers = !numbers.empty() && numbers != link_of("/proc/self/ns/pid");
  return found;
}

void refuse(const target& of, int error) {
  const auto status = status_of("/proc/" + std::to_string(of.pid) + "/");
  const std::string whose = "process " + std::to_string(of.pid) + ", " + in_quotes(of.name) + ", ";
  const auto line = [&](const char* name) {
    const auto at = status.find(name);
    return at != status.end() ? first_word(at->second) : std::string();
  };
  if (status.empty() || error == ESRCH)
    throw failure(failure::no_such_program, whose + "ended before it could be looked at");
  if (const std::string tracer = line("TracerPid"); tracer != "0" && !tracer.empty())
    throw closed(whose + "is traced by process " + tracer + " " +
                 in_quotes(status_of("/proc/" + tracer + "/")["Name"]) + ", and only one process can trace another");
  if (::geteuid() != 0 && line("Uid") != std::to_string(::geteuid()))
    throw closed(whose + "belongs to " + user_name(line("Uid")) + ": run curfew dump as that user, or as root");
  if (const std::string scope = text_of("/proc/sys/kernel/yama/ptrace_scope");
      error == EPERM && scope > "0" && ::geteuid() != 0)
    throw closed(whose + "may be traced by its parents only (/proc/sys/kernel/yama/ptrace_scope is " +
                 scope.substr(0, 1) + "): run curfew dump as root");
  if (error == EPERM)
    throw closed(whose +
                 "may not be traced: it has privileges that we have not, has forbidden it (PR_SET_DUMPABLE), or "
                 "this system has");
  throw closed(whose + "cannot be traced: " + std::strerror(error));
}

}  // namespace curfew::tool::dump
