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
  std::string timeline_file;
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

std::string check_timeline(const std::string& path) {
  return path == "-" ? std::string("it takes the name of a file") : check_path(path);
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
  if (!o.timeline_file.empty()) text += ",timeline=" + absolute(o.timeline_file);
  text += "\n";
  if (!o.json_file.empty()) text += absolute(o.json_file);
  text += o.children ? "\nchildren" : "\n";
  return text;
}

void run(const run_options& options) {
  const std::string path = find_preloadable(options.program.front());
  const std::string library = preload_library("run");
  empty_file(options.json_file, "--json", path);
  if (options.timeline_file.find('%') == std::string::npos) empty_file(options.timeline_file, "--timeline", path);
  empty_file(options.report_file, "--report-file", path);
  set_variable("LD_PRELOAD", ld_preload_with(library));
  set_variable("CURFEW_RUN", request(options));
  become(path, options.program);
}

}  // namespace

void add_run(command& app) {
  auto* const verb =
      app.add_subcommand("run", "Run a program, and freeze its detached threads before static destructors");
  const auto o = std::make_shared<run_options>();
  auto* const wait = verb->add_flag("--wait-detached", o->wait_detached,
                                    "Wait for detached threads instead of freezing them, so that no work is lost; "
                                    "cannot be used together with --grace")
                         ->option_text("");
  verb->add_option("--grace", o->grace, "Let detached threads go on for TIME after main before freezing them")
      ->option_text("TIME [0]")
      ->check(check_time)
      ->excludes(wait);
  verb->add_option(
          "--deadline", o->deadline,
          "End the exit by force when it has waited for TIME; by default only destructors have a limit, of 10s")
      ->option_text("TIME")
      ->check(check_time);
  auto* const report =
      verb->add_flag("--report", o->report, "Report to standard error what the exit waited for and froze")
          ->option_text("");
  verb->add_option("--report-file", o->report_file, "Write this report to FILE instead, which is emptied first")
      ->option_text("FILE")
      ->check(check_path)
      ->excludes(report);
  verb->add_option("--json", o->json_file,
                   "Write a record of the exit to FILE, one line of JSON per process (- for standard output)")
      ->option_text("FILE")
      ->check(check_path);
  verb->add_option("--timeline", o->timeline_file,
                   "Write to FILE how the exit goes, for curfew timeline and Perfetto; %p in its name is the process's "
                   "id")
      ->option_text("FILE")
      ->check(check_timeline);
  verb->add_flag("--children", o->children, "Run the programs that PROG starts in the same way");
  verb->positionals_at_end();
  verb->add_option("PROG", o->program, "The program to run and its arguments; put -- before it")
      ->required()
      ->option_text("[ARG...]");
  verb->footer(
      "TIME is a whole number with a unit: ms, s or m, for example 500ms.\n"
      "Exit status: that of PROG; 124 if the deadline passed while waiting for\n"
      "detached threads, 125 if curfew itself failed, 126 if PROG cannot be started,\n"
      "127 if PROG does not exist.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
