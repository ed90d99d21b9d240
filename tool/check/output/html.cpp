// SPDX-License-Identifier: Apache-2.0
// The page: what was run and when, how it went, then the findings and the timeline.
#include "check/findings/words.hpp"
#include "check/output/escaped.hpp"
#include "check/output/html_parts.hpp"
#include "check/output/output.hpp"

#include <algorithm>
#include <ostream>

namespace curfew::tool {
namespace {

/// As a shell would take it.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=:,+@%").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string date_text(std::time_t date, const char* form) {
  std::tm parts{};
  char text[64] = "";
  if (::gmtime_r(&date, &parts) != nullptr) std::strftime(text, sizeof text, form, &parts);
  return text;
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void print_verdict(std::ostream& out, const check_result& result) {
  const auto errors = static_cast<std::size_t>(
      std::count_if(result.findings.begin(), result.findings.end(), [](const finding& f) { return f.error; }));
  if (!result.findings.empty())
    out << "<p class=\"verdict " << (errors > 0 ? "errors" : "warnings") << "\">" << counted(errors, "error") << ", "
        << counted(result.findings.size() - errors, "warning") << "</p>\n";
  if (!result.exit_seen)
    out << "<p class=\"verdict warnings\">The exit was not checked: " << html_text(why_not_seen(result)) << "</p>\n";
  else if (result.findings.empty())
    out << "<p class=\"verdict clean\">Clean: nothing was found</p>\n";
  if (!result.complete) out << "<p class=\"warnings\">The record was full: what happened last is missing.</p>\n";
}

void print_fact(std::ostream& out, const char* name, const std::string& html) {
  out << "<dt>" << name << "</dt><dd>" << html << "</dd>\n";
}

void print_facts(std::ostream& out, const check_result& result, const checked_run& run) {
  std::string command;
  for (const auto& word : run.arguments) command += (command.empty() ? "" : " ") + shell_word(word);
  out << "<dl>\n";
  print_fact(out, "Command", "<code>" + escaped(command) + "</code>");
  print_fact(out, "Date",
             "<time datetime=\"" + date_text(run.date, "%Y-%m-%dT%H:%M:%SZ") + "\">" +
                 date_text(run.date, "%Y-%m-%d %H:%M:%S UTC") + "</time>");
  if (run.times > 1) print_fact(out, "Runs", std::to_string(run.times) + "; the timeline is that of the first one");
  std::string status = std::to_string(result.status);
  if (result.signal != 0) status += ", died by " + signal_text(static_cast<std::uint64_t>(result.signal));
  print_fact(out, "Status of the program", escaped(status));
  if (result.exit_seen) {
    print_fact(out, "Exit",
               (result.story.length_ms > 0 ? "took " + html_ms(result.story.length_ms) : std::string("was seen")) +
                   (result.story.ended ? "" : ", and did not come to its end"));
    std::string watched = counted(result.destructors, "static destructor") + ", " + counted(result.threads, "thread");
    const char* before = "; kept to the end by design: ";
    for (const auto& [owner, count] : result.kept_threads) {
      watched += before + counted(count, "thread") + " of " + owner;
      before = ", ";
    }
    print_fact(out, "Watched", escaped(watched));
  }
  print_fact(out, "Checked by", "curfew " CURFEW_COMMAND_VERSION);
  out << "</dl>\n";
}

}  // namespace

void print_html(std::ostream& out, const check_result& result, const checked_run& run) {
  const std::string program = base_name(result.story.program);
  const bool timeline = result.story.length_ms > 0;
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n<title>curfew check: "
      << escaped(program) << "</title>\n<style>" << html_style
      << "</style>\n</head>\n<body>\n<main>\n<h1>curfew check: " << escaped(program) << "</h1>\n";
  print_verdict(out, result);
  print_facts(out, result, run);
  if (!result.findings.empty()) {
    if (timeline) out << "<nav><a href=\"#timeline\">To the timeline of the exit</a></nav>\n";
    out << "<h2 id=\"findings\">Findings</h2>\n";
    print_html_findings(out, result);
  }
  if (timeline) {
    out << "<h2 id=\"timeline\">The exit, " << html_ms(result.story.length_ms) << "</h2>\n";
    print_html_timeline(out, result.story);
  }
  out << "</main>\n</body>\n</html>\n";
}

}  // namespace curfew::tool
