// SPDX-License-Identifier: Apache-2.0
// curfew check: finds the faults of a program's exit, in one run and without luck.
#include "check/findings/fold.hpp"
#include "check/findings/interpret.hpp"
#include "check/findings/suppressions.hpp"
#include "check/output/output.hpp"
#include "failure.hpp"
#include "files.hpp"
#include "options.hpp"
#include "preload_library.hpp"
#include "program.hpp"
#include "stack_room.hpp"
#include "start.hpp"
#include "symbols/elfutils.hpp"
#include "times.hpp"
#include "verbs.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>

namespace curfew::tool {
namespace {

constexpr int status_of_findings = 66;

struct check_options {
  command_line program;
  std::string json, junit, sarif, html, suppressions, colour = "auto", patience = "10s";
  std::optional<std::string> linger;
  std::vector<std::string> fail_on, allow;
  unsigned repeat = 1;
  bool children = false, quiet = false;
};

volatile sig_atomic_t child = 0;

/// What is sent to this command is meant for the program. A terminal sends to both by itself.
void pass_on(int signal, siginfo_t* info, void*) {
  if (child > 0 && info->si_code <= 0) ::kill(child, signal);
}

/// As long as it lives, the signals that people send to a program are passed on to it. They are held back at first, so
/// that none comes while the program is being started.
class passed_signals {
 public:
  passed_signals() {
    sigset_t all;
    ::sigemptyset(&all);
    for (const int signal : signals) ::sigaddset(&all, signal);
    ::sigprocmask(SIG_BLOCK, &all, &mask_);
    struct sigaction forward {};
    forward.sa_sigaction = &pass_on;
    forward.sa_flags = SA_SIGINFO | SA_RESTART;
    for (std::size_t i = 0; i < std::size(signals); ++i) ::sigaction(signals[i], &forward, &before_[i]);
  }
  ~passed_signals() { as_they_were(); }
  passed_signals(const passed_signals&) = delete;
  passed_signals& operator=(const passed_signals&) = delete;

  void let_through() const { ::sigprocmask(SIG_SETMASK, &mask_, nullptr); }
  /// For the program, too: what was ignored when this command began (a background job's SIGINT) is ignored there until
  /// the program says otherwise.
  void as_they_were() const {
    for (std::size_t i = 0; i < std::size(signals); ++i) ::sigaction(signals[i], &before_[i], nullptr);
    let_through();
  }

 private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
  struct sigaction before_[std::size(signals)];
  sigset_t mask_;
};

/// Is there such a process, and not only what its parent has yet to collect?
bool is_alive(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return false;
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line.compare(name_end, 3, ") Z") != 0;
}

/// A child that was forked beside the exit may outlive the program, blocked in its own exit: that is a finding, which
/// it writes down itself. One that goes on with something else is left alone after a while.
void wait_for_children_of_exit(const record_view& record) {
  using namespace std::chrono_literals;
  constexpr auto to_begin = 500ms, to_end = 3000ms;
  const auto has = [&]<class Event>(std::type_identity<Event>, int pid) { return !record.all_of<Event>(pid).empty(); };
  const auto since = std::chrono::steady_clock::now();
  for (const auto& forked : record.all<check::forked_beside_exit>())
    while (is_alive(forked.pid()) && !has(std::type_identity<check::became_other>{}, forked.pid())) {
      const auto limit = has(std::type_identity<check::exit_began>{}, forked.pid()) ? to_end : to_begin;
      if (std::chrono::steady_clock::now() > since + limit) break;
      std::this_thread::sleep_for(5ms);
    }
}

program_end run_once(const check_options& options, const std::string& path, const record_view& record) {
  const passed_signals passed;
  const pid_t pid = ::fork();
  if (pid < 0) throw failure(failure::own, std::string("cannot start a process: ") + std::strerror(errno));
  if (pid == 0) {
    passed.as_they_were();
    try {
      set_variable("LD_PRELOAD", ld_preload_with(preload_library("check")));
      set_variable(check::record_variable, record.path());
      set_variable(
          check::options_variable,
          "patience=" + std::to_string(milliseconds(options.patience)) +
              (options.linger ? ",linger=" + std::to_string(milliseconds(*options.linger)) + ",sleepers=0" : "") +
              ",children=" + std::to_string(options.children ? 1 : 0));
      become(path, options.program);  // handlers do not outlive this
    } catch (const failure& f) {
      std::cerr << "curfew: " << f.what() << "\n";
      ::_exit(f.status);
    }
  }
  child = pid;
  passed.let_through();
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  child = 0;
  wait_for_children_of_exit(record);
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

void show_progress(unsigned done, unsigned of, std::size_t found) {
  constexpr unsigned width = 30;
  const unsigned full = of == 0 ? width : done * width / of;
  std::cerr << "\r[" << std::string(full, '#') << std::string(width - full, '.') << "] " << done << "/" << of
            << " runs, " << found << " findings " << (done == of ? "\n" : "") << std::flush;
}

template <class Print>
void write_to(const std::string& name, Print print) {
  if (name == "-") return print(std::cout), void(std::cout.flush());
  std::ofstream file(name);
  print(file);
  file.flush();
  if (!file) throw failure(failure::own, "cannot write " + name);
}

std::vector<suppression> read_allowed(const check_options& options) {
  std::vector<suppression> allowed;
  for (const auto& name : options.allow) allowed.push_back({name, {}});
  if (!options.suppressions.empty()) {
    std::ifstream file(options.suppressions);
    if (!file) throw failure(failure::own, "--suppressions: cannot read " + options.suppressions);
    for (auto& one : read_suppressions(file, options.suppressions)) allowed.push_back(std::move(one));
  }
  return allowed;
}

/// no-color.org: an empty one is as good as none.
bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] != '\0';
}

/// Is it one for which the command ends with its own status?
bool fails(const finding& f, const check_options& options) {
  if (options.fail_on.empty()) return true;
  return std::any_of(options.fail_on.begin(), options.fail_on.end(), [&](const std::string& name) {
    return name == f.kind || name == (f.error ? "error" : "warning") || name == "any";
  });
}

/// A file that is asked for, and what goes into it.
struct written_form {
  const char* option;
  const std::string& file;
  std::function<void(std::ostream&, const check_result&)> print;
};
std::vector<written_form> forms(const check_options& options) {
  return {{"--json", options.json, &print_json},
          {"--junit", options.junit,
           [&](std::ostream& out, const check_result& result) {
             print_junit(out, result, [&](const finding& f) { return fails(f, options); });
           }},
          {"--sarif", options.sarif, &print_sarif},
          {"--html", options.html, [&, date = std::time(nullptr)](std::ostream& out, const check_result& result) {
             print_html(out, result, {options.program, date, options.repeat});
           }}};
}

/// What is wrong with a file is said before the program runs.
void empty_files(const std::vector<written_form>& asked, const std::string& program) {
  const char* at_output = nullptr;
  for (const auto& form : asked) {
    empty_file(form.file, form.option, program);
    if (form.file != "-") continue;
    if (at_output != nullptr)
      throw failure(failure::own, std::string(at_output) + " - and " + form.option +
                                      " -: only one of them can go to standard output");
    at_output = form.option;
  }
}

void check(const check_options& options) {
  const std::string path = find_preloadable(options.program.front());
  // What is wrong with an option is said before the program runs, and not once for each run.
  preload_library("check");
  load_elfutils();
  const auto allowed = read_allowed(options);
  const auto asked = forms(options);
  empty_files(asked, path);
  check_result all;
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  for (unsigned run = 0; run < options.repeat; ++run) {
    if (options.repeat > 1 && terminal) show_progress(run, options.repeat, all.findings.size());
    record_view record;
    const program_end end = run_once(options, path, record);
    with_stack_room([&] { fold(all, interpret(record, options.program.front(), end)); });
  }
  if (options.repeat > 1 && terminal) show_progress(options.repeat, options.repeat, all.findings.size());
  if (!all.loaded && all.status < failure::own)
    throw failure(failure::own,
                  "cannot check " + options.program.front() +
                      ": curfew's library was not loaded into it; was it built with AddressSanitizer, which refuses "
                      "preloaded libraries, or does a script start a statically linked program?");
  if (!all.complete) std::cerr << "curfew check: the record was full; what happened last is missing\n";
  std::erase_if(all.findings, [&](const finding& f) {
    return std::any_of(allowed.begin(), allowed.end(), [&](const suppression& one) { return allows(one, f); });
  });
  const bool colour = options.colour == "always" || (options.colour == "auto" && terminal && !is_set("NO_COLOR"));
  if (!options.quiet) print_text(std::cerr, all, colour);
  for (const auto& form : asked)
    if (!form.file.empty()) write_to(form.file, [&](std::ostream& out) { form.print(out, all); });
  const bool failed =
      std::any_of(all.findings.begin(), all.findings.end(), [&](const finding& f) { return fails(f, options); });
  throw exit_status{failed ? status_of_findings : all.status};
}

}  // namespace

void add_check(command& app) {
  auto* const verb = app.add_subcommand("check", "Run a program once, and find the faults of its exit");
  const auto options = std::make_shared<check_options>();
  std::vector<std::string> names, levels{"error", "warning", "any", "none"};
  for (const auto& kind : finding_kinds) names.emplace_back(kind.name);
  levels.insert(levels.end(), names.begin(), names.end());
  verb->positionals_at_end();
  verb->add_option("--json", options->json, "Write the findings to FILE as JSON (- for standard output)")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option("--junit", options->junit,
                   "Write the findings to FILE as JUnit XML test cases (- for standard output)")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option("--sarif", options->sarif,
                   "Write the findings to FILE as SARIF 2.1.0, for code scanning (- for standard output)")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option("--html", options->html,
                   "Write an HTML page with the findings and a timeline of the exit to FILE (- for standard output)")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option("--repeat", options->repeat, "Run PROG N times and merge the findings")
      ->option_text("N [1]")
      ->between(1, 100000);
  verb->add_option(
          "--fail-on", options->fail_on,
          "Exit with 66 only for WHAT: error, warning, any (the default), none, or the name of a finding; may be "
          "repeated")
      ->option_text("WHAT")
      ->allow_extra_args(false)
      ->one_of(levels);
  verb->add_option("--allow", options->allow, "Suppress findings of this name; may be repeated")
      ->option_text("FINDING")
      ->allow_extra_args(false)
      ->one_of(names, "finding");
  verb->add_option("--suppressions", options->suppressions, "Suppress the findings that FILE lists")
      ->option_text("FILE")
      ->check(check_file);
  verb->add_option(
          "--patience", options->patience,
          "Call the exit blocked when it makes no progress for TIME, but after 3s at most if no thread does anything")
      ->option_text("TIME [10s]")
      ->check(check_time);
  verb->add_option("--linger", options->linger, "Let other threads go on for TIME after the last destructor")
      ->option_text("TIME [300ms]")
      ->check(check_time);
  verb->add_flag("--children", options->children, "Also check the programs that PROG starts");
  verb->add_option("--colour,--color", options->colour, "Colour the text: auto (on a terminal), always or never")
      ->option_text("WHEN [auto]")
      ->one_of({"auto", "always", "never"});
  verb->add_flag("--quiet", options->quiet, "Print no findings to standard error");
  verb->add_option("PROG", options->program, "The program to run and its arguments; put -- before it")
      ->required()
      ->option_text("[ARG...]");
  verb->footer(
      "TIME is a whole number with a unit: ms, s or m, for example 500ms.\n"
      "FINDING is a name as the output has it in brackets, for example slow-exit; the\n"
      "manual, curfew(1), explains each.\n"
      "Exit status: 66 if something was found, otherwise that of PROG; 125 if curfew\n"
      "itself failed, 126 if PROG cannot be started, 127 if PROG does not exist.");
  verb->callback([options] { check(*options); });
}

}  // namespace curfew::tool
