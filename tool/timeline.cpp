// SPDX-License-Identifier: Apache-2.0
// curfew timeline: how an exit went, from the file that the program has written meanwhile.
#include "check/output/escaped.hpp"
#include "check/output/html_parts.hpp"
#include "failure.hpp"
#include "options.hpp"
#include "timeline/trace.hpp"
#include "verbs.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>

namespace curfew::tool {
namespace {

struct timeline_options {
  std::string file;
  std::string html_file;
};

std::string end_of(const trace& one) {
  if (!one.story.ended) return "the process was gone before its exit had ended";
  return one.status ? "status " + std::to_string(*one.status) : "its status is not known";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string ms_text(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%10.2f ms", ms);
  return text;
}

void print_text(std::ostream& out, const trace& one) {
  const exit_story& story = one.story;
  out << "exit of " << story.program << " (process " << one.pid << "): " << html_ms(story.length_ms) << ", "
      << end_of(one) << "\n";
  if (!one.why.empty()) out << one.why << "\n";
  out << "\n      begins       takes\n";
  for (const auto& step : story.steps)
    out << ms_text(step.begin_ms) << ms_text(step.end_ms - step.begin_ms) << "  "
        << (step.what.ends_with('"') ? "  " : "") << step.what << "\n";
  if (story.lanes.empty()) return;
  out << "\n      begins        ends\n";
  for (const auto& lane : story.lanes) {
    const std::string end = lane.end_ms < 0 ? std::string("     has not") : ms_text(lane.end_ms);
    out << ms_text(lane.begin_ms) << padded(end, 13) << "  " << lane.name << ", " << lane.when_main_ended;
    for (const auto& mark : lane.marks)
      if (mark.what != "has ended") out << ", " << mark.what;
    out << "\n";
  }
}

void print_page(std::ostream& out, const trace& one) {
  const std::string title = "The exit of " + escaped(one.story.program);
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n<title>"
      << title << "</title>\n<style>" << html_style << "</style>\n</head>\n<body>\n<main>\n<h1>" << title << ", "
      << html_ms(one.story.length_ms) << "</h1>\n<p>Process " << one.pid << ": " << escaped(end_of(one)) << ".</p>\n";
  if (!one.why.empty()) out << "<p class=\"warnings\">" << html_text(one.why) << "</p>\n";
  print_html_timeline(out, one.story);
  out << "</main>\n</body>\n</html>\n";
}

void run(const timeline_options& o) {
  std::ifstream file;
  if (o.file != "-") {
    file.open(o.file);
    if (!file) throw failure(failure::own, "cannot read " + o.file + ": " + std::strerror(errno));
  }
  std::istream& in = o.file == "-" ? std::cin : file;
  trace one = read_trace(in, o.file == "-" ? "standard input" : o.file);
  one.story.steps_are = "Parts of the exit and hooks";
  one.story.a_step_is = "a part of the exit, or a hook";
  std::ofstream page;
  const bool to_file = !o.html_file.empty() && o.html_file != "-";
  if (to_file) {
    page.open(o.html_file, std::ios::trunc);
    if (!page) throw failure(failure::own, "cannot write " + o.html_file + ": " + std::strerror(errno));
  }
  std::ostream& out = to_file ? page : std::cout;
  if (o.html_file.empty())
    print_text(out, one);
  else
    print_page(out, one);
  out.flush();
  if (!out)
    throw failure(failure::own, "cannot write " + (to_file ? o.html_file : std::string("to standard output")) + ": " +
                                    std::strerror(errno));
}

}  // namespace

void add_timeline(command& app) {
  auto* const verb = app.add_subcommand("timeline", "Show how an exit went that was recorded with --timeline");
  const auto o = std::make_shared<timeline_options>();
  verb->add_option("--html", o->html_file, "Write a page to FILE instead of text (- for standard output)")
      ->option_text("FILE");
  verb->add_option("FILE", o->file, "The timeline; - for standard input")->required()->option_text(" ");
  verb->footer("Exit status: 0, or 125 if FILE cannot be read or is no timeline.");
  verb->callback([o] { run(*o); });
}

}  // namespace curfew::tool
