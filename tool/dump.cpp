// SPDX-License-Identifier: Apache-2.0
// curfew dump: all threads of a process that goes on.
#include "dump/output.hpp"
#include "failure.hpp"
#include "files.hpp"
#include "options.hpp"
#include "verbs.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>

namespace curfew::tool {
namespace {

struct dump_options {
  std::string pid;
  std::string json_file;
};

/// A disk that is full shows when the file is closed.
void write_json(const std::string& path, const dump::dumped_process& what) {
  std::ofstream file(path, std::ios::trunc);
  dump::print_json(file, what);
  file.close();
  if (!file) throw failure(failure::own, "--json: cannot write " + path + ": " + std::strerror(errno));
}

void run(const dump_options& o) {
  const dump::target of = dump::find_target(o.pid);
  empty_file(o.json_file, "--json", of.program);
  const dump::dumped_process found = dump::look_at(of);
  if (!o.json_file.empty() && o.json_file != "-")
    write_json(o.json_file, found);
  else if (o.json_file == "-")
    dump::print_json(std::cout, found);
  else
    dump::print_text(std::cout, found);
  std::cout.flush();
  if (!std::cout) throw failure(failure::own, std::string("cannot write to standard output: ") + std::strerror(errno));
}

}  // namespace

void add_dump(command& app) {
  auto* const verb = app.add_subcommand("dump", "Print the threads of a running process, and what each waits for");
  const auto o = std::make_shared<dump_options>();
  verb->add_option("--json", o->json_file, "Write it as JSON to FILE instead (- for standard output)")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option("PID", o->pid, "The process")->required()->option_text(" ");
  verb->footer(
      "The process is stopped only while registers and stacks are copied: less than\n"
      "50 ms for a hundred threads.\n"
      "Exit status: 0 if the threads were printed, 125 if curfew itself failed or PID\n"
      "is no number, 126 if the process cannot be looked at, 127 if there is none.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
