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
  return path.find_first_of(",\n") == std::string::npos && path.size() < 500
             ? std::string()
             : "the path must be short and without comma and line end";
}

/// Relative ones are the command's own, whatever folder the program goes to.
std::string absolute(const std::string& path) { return path == "-" ? path : std::filesystem::absolute(path).native(); }

/// preload/request.hpp says what the library reads.
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
  empty_file(options.json_file);
  empty_file(options.report_file);
  set_variable("LD_PRELOAD", ld_preload_with(library));
  set_variable("CURFEW_RUN", request(options));
  become(path, options.program);
}

}  // namespace

void add_run(command& app) {
  auto* const verb = app.add_subcommand(
      "run", "Run a program; when its main is over, detached threads are frozen before the first static destructor");
  const auto o = std::make_shared<run_options>();
  auto* const wait = verb->add_flag("--wait-detached", o->wait_detached,
                                    "Wait for detached threads too, so that their work is not lost");
  verb->add_option("--grace", o->grace, "How long detached threads may go on before they are frozen")
      ->option_text("TIME [0]")
      ->check(check_time)
      ->excludes(wait);
  verb->add_option("--deadline", o->deadline,
                   "When the exit ends by force, counted from its beginning. Without it: 10s after the first "
                   "destructor")
      ->option_text("TIME")
      ->check(check_time);
  verb->add_flag("--report", o->report, "Say on stderr what the exit waited for, frozen and skipped");
  verb->add_option("--report-file", o->report_file, "The same into a file")->option_text("FILE")->check(check_path);
  verb->add_option("--json", o->json_file, "Write a record of the exit, a line of JSON a process; -: standard output")
      ->option_text("FILE")
      ->check(check_path);
  verb->add_flag("--children", o->children, "Programs that the program starts are run in the same way");
  verb->positionals_at_end();
  verb->add_option("PROG", o->program, "The program and its arguments; -- before it ends curfew's own options")
      ->required()
      ->option_text("[ARG...]");
  verb->footer(
      "A TIME is a whole number with ms, s or m.\n"
      "Exit status: the program's own; 125 if curfew cannot do it, 126 if PROG cannot be started, 127 if there is "
      "none;\n124 if the deadline passes while detached threads are waited for.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
