// SPDX-License-Identifier: Apache-2.0
// A daemon sleeps in a read and so keeps that stream; it was opened between others of every kind, and none of them is
// flushed by the program: files, one for wide characters, one with a buffer of its own, one for reading and writing,
// one whose writes are functions, a pipe to a command, and one that a destructor opens. Right: each is written exactly
// once, the end is at once. argv[1]: how the daemon reads. argv[2]: the beginning of the files' names.
#include "guard.hpp"

#include <curfew/thread.hpp>

#include <cwchar>
#include <iostream>
#include <string>
#include <thread>

static std::string path;

static std::FILE* open_file(const char* name, const char* mode = "w") {
  std::FILE* const f = std::fopen((path + name).c_str(), mode);
  if (f == nullptr) _exit(2);
  return f;
}

static ssize_t write_in_function(void*, const char* text, std::size_t size) {
  const std::string line = "function: " + std::string(text, size);
  return write(STDOUT_FILENO, line.data(), line.size()) < 0 ? -1 : static_cast<ssize_t>(size);
}

struct opens_late {
  ~opens_late() { std::fputs("late\n", open_file(".late")); }
};
static opens_late late;

static void read_for_ever(const std::string& how, std::FILE* in) {
  char line[64];
  if (how == "fgets") (void)!std::fgets(line, sizeof line, in);
  if (how == "getwc") (void)std::getwc(in);
  if (how == "getchar") (void)std::getchar();
  if (how == "cin") std::cin >> line;
  if (how == "flockfile") flockfile(in);
  for (;;) pause();
}

int main(int, char** argv) {
  path = argv[2];
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) return 2;
  std::fputs("before\n", open_file(".before"));
  std::fputws(L"wide\n", open_file(".wide"));
  std::fputs("command\n", popen(("cat > " + path + ".command").c_str(), "w"));
  std::FILE* const in = fdopen(ends[0], "r");
  std::FILE* const update = open_file(".update", "w+");
  std::fputs("update\n", update);
  static char buffer[100];
  std::FILE* const own = open_file(".own");
  std::setvbuf(own, buffer, _IOFBF, sizeof buffer);
  std::fputs("own\n", own);
  cookie_io_functions_t functions{};
  functions.write = &write_in_function;
  std::fputs("line\n", fopencookie(nullptr, "w", functions));
  char* text = nullptr;
  std::size_t size = 0;
  std::fputs("memory", open_memstream(&text, &size));
  const std::string how = argv[1];
  curfew::thread({.name = "reader", .daemon = true}, [how, in] { read_for_ever(how, in); });
  std::this_thread::sleep_for(30ms);
  return 7;
}
