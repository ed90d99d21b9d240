// SPDX-License-Identifier: Apache-2.0
#include "start.hpp"

#include "failure.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace curfew::tool {

void become(const std::string& path, const command_line& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(path.c_str(), arguments.data());
  // Neither a binary nor a script with an interpreter: a shell's, as execvp and env have it.
  if (errno == ENOEXEC) {
    std::string shell = "/bin/sh";
    std::string script = path;
    arguments.insert(arguments.begin(), shell.data());
    arguments[1] = script.data();
    ::execv(shell.c_str(), arguments.data());
  }
  throw failure(errno == ENOENT ? failure::no_such_program : failure::cannot_start,
                "cannot start " + words.front() + ": " + std::strerror(errno));
}

void set_variable(const char* name, const std::string& value) {
  if (::setenv(name, value.c_str(), 1) != 0)
    throw failure(failure::own, std::string("cannot set ") + name + ": " + std::strerror(errno));
}

}  // namespace curfew::tool
