// SPDX-License-Identifier: Apache-2.0
// curfew run: the exit protocol for a program that does not know of it.
#include "files.hpp"
#include "options.hpp"
#include "preload_library.hpp"
#include "program.hpp"
#include "start.hpp"
#include "times.hpp"
#include "verbs.hpp"

#include <filesystem>
#include <memory>

namespace curfew::tool {
namespace {

struct run_options {
  command_line program;
  std::string grace;
  std::string deadline;
  std::string report_file;
  std::string json_file;
  bool wait_detached = false;
  bool report = false;
  bool children = false;
};

/// Paths reach the library in one variable, whose parts have these between them.
std::string check_path(const std::string& path) {
  if (std::string wrong = check_file(path); !wrong.empty()) return wrong;
  return path.find_first_of(",\n") == std::string::npos && path.size() < 500
             ? std::string()
             : "the path must be shorter than 500 bytes and contain no comma or newline";
}

/// Relative ones are the command's own, whatever folder the program goes to.
std::string absolute(const std::string& path) { return path == "-" ? path : std::filesystem::absolute(path).native(); }

/// preload/run/request.hpp says what the library reads.
std::string request(const run_options& o) {
  std::string text = o.wait_detached ? "foreign=wait" : "foreign=freeze";
  if (!o.grace.empty()) text += ",grace=" + o.grace;
  if (!o.deadline.empty()) text += ",deadline=" + o.deadline + ",destructors=" + o.deadline;
  if (o.report) text += ",report=-";
  if (!o.report_file.empty()) text += ",report=" + absolute(o.report_file);
  text += "\n";
  if (!o.json_file.empty()) text += absolute(o.json_file);
  text += o.children ? "\nchildren" : "\n";
  return text;
}

void run(const run_options& options) {
  const std::string path = find_preloadable(options.program.front());
  const std::string library = preload_library("run");
  empty_file(options.json_file, "--json", path);
  empty_file(options.report_file, "--report-file", path);
  set_variable("LD_PRELOAD", ld_preload_with(library));
  set_variable("CURFEW_RUN", request(options));
  become(path, options.program);
}

}  // namespace

void add_run(command& app) {
  auto* const verb =
      app.add_subcommand("run", "Runs a program and freezes its detached threads before its first static destructor");
  const auto o = std::make_shared<run_options>();
  auto* const wait =
      verb->add_flag("--wait-detached", o->wait_detached,
                     "Wait for detached threads instead of freezing them, so that their work is not lost");
  verb->add_option("--grace", o->grace, "How long detached threads may go on after main before they are frozen")
      ->option_text("TIME [0]")
      ->check(check_time)
      ->excludes(wait);
  verb->add_option("--deadline", o->deadline,
                   "End the exit by force after TIME, counted from its beginning; without it, 10s after the first "
                   "destructor has begun")
      ->option_text("TIME")
      ->check(check_time);
  auto* const report =
      verb->add_flag("--report", o->report, "Report on standard error what the exit waited for, froze and skipped");
  verb->add_option("--report-file", o->report_file, "Write the same report to FILE")
      ->option_text("FILE")
      ->check(check_path)
      ->excludes(report);
  verb->add_option("--json", o->json_file,
                   "Write a record of the exit to FILE, one line of JSON for each process; - is standard output")
      ->option_text("FILE")
      ->check(check_path);
  verb->add_flag("--children", o->children, "Run the programs that the program starts in the same way");
  verb->positionals_at_end();
  verb->add_option("PROG", o->program, "The program and its arguments; put -- before it")
      ->required()
      ->option_text("[ARG...]");
  verb->footer(
      "A TIME is a whole number with ms, s or m, for example 500ms.\n"
      "Exit status: that of the program; 124 if the deadline passed while detached threads were waited for, 125 if "
      "curfew\n"
      "itself failed, 126 if PROG cannot be started, 127 if PROG does not exist.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
