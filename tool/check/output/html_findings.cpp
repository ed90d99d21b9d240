// SPDX-License-Identifier: Apache-2.0
// The findings on the page: what to do, what happened, and the stacks folded to the program's own frames.
#include "check/findings/words.hpp"
#include "check/output/escaped.hpp"
#include "check/output/html_parts.hpp"

#include <algorithm>
#include <ostream>

namespace curfew::tool {

std::string html_text(const std::string& text) {
  std::string marked;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('`', at);
    const auto close = open == std::string::npos ? open : text.find('`', open + 1);
    if (close == std::string::npos) return marked + escaped(text.substr(at));
    marked +=
        escaped(text.substr(at, open - at)) + "<code>" + escaped(text.substr(open + 1, close - open - 1)) + "</code>";
    at = close + 1;
  }
  return marked;
}

namespace {

void print_frame(std::ostream& out, const frame& one, std::size_t number) {
  out << "<li><span class=\"at\">" << number << "</span><code";
  const std::string name = short_name(one.function);
  if (name != one.function && !one.function.empty()) out << " title=\"" << escaped(one.function) << "\"";
  out << ">" << escaped(name) << "</code> <span class=\"place\">"
      << escaped(one.file.empty() ? place_text(one) : one.file + ":" + std::to_string(one.line)) << "</span></li>";
}

/// A run of the libraries' frames is one line that can be opened; it names the innermost, which says what was done.
void print_stack(std::ostream& out, const std::vector<frame>& stack) {
  const bool own = std::any_of(stack.begin(), stack.end(), [](const frame& f) { return !is_library_frame(f); });
  out << "<ul class=\"stack\">";
  for (std::size_t i = 0; i < stack.size();) {
    std::size_t end = i;
    while (end < stack.size() && is_library_frame(stack[end])) ++end;
    if (end - i < 2 || !own) {  // nothing of the program's own: all that there is to see
      print_frame(out, stack[i], i);
      ++i;
      continue;
    }
    out << "<li class=\"fold\"><details><summary class=\"soft\">" << end - i
        << " frames of the libraries: " << escaped(short_name(stack[i].function)) << "</summary><ul class=\"stack\">";
    for (; i < end; ++i) print_frame(out, stack[i], i);
    out << "</ul></details></li>";
  }
  out << "</ul>";
}

void print_thread(std::ostream& out, const involved_thread& t, bool open) {
  std::string name = t.number == 0 ? "main thread" : "thread #" + std::to_string(t.number);
  if (t.number != 0 && !t.name.empty()) name += " \"" + t.name + "\"";
  std::string about = t.number == 0 ? "" : t.kind;
  if (t.number != 0 && !t.created_at.module.empty())
    about += ", started at " + place_text(t.created_at) +
             (t.created_at.function.empty() ? "" : " in " + quoted(t.created_at.function));
  out << "<details" << (open ? " open" : "") << "><summary>" << escaped(name) << " " << html_text(t.role)
      << "</summary>";
  if (!about.empty()) out << "<p class=\"soft\">" << html_text(about) << "</p>";
  if (!t.stack.empty()) print_stack(out, t.stack);
  if (!t.created_stack.empty()) {
    out << "<details><summary>The stack that started it</summary>";
    print_stack(out, t.created_stack);
    out << "</details>";
  }
  out << "</details>\n";
}

void print_finding(std::ostream& out, const finding& f, std::size_t number) {
  const std::string id = "finding-" + std::to_string(number);
  out << "<article class=\"" << (f.error ? "error" : "warning") << "\" aria-labelledby=\"" << id << "\">\n<h3 id=\""
      << id << "\"><span class=\"label\">" << (f.error ? "error" : "warning") << "</span> " << escaped(f.kind);
  if (f.count > 1) out << " <span class=\"count\">" << f.count << " times</span>";
  out << "</h3>\n<p class=\"do\"><strong>do:</strong> " << html_text(f.advice) << "</p>\n<p class=\"message\">"
      << html_text(f.message) << "</p>\n";
  for (const auto& t : f.threads) print_thread(out, t, &t == &f.threads.front());
  out << "</article>\n";
}

}  // namespace

void print_html_findings(std::ostream& out, const check_result& result) {
  std::vector<const finding*> all;
  for (const auto& f : result.findings) all.push_back(&f);
  std::stable_partition(all.begin(), all.end(), [](const finding* f) { return f->error; });
  for (std::size_t i = 0; i < all.size(); ++i) print_finding(out, *all[i], i + 1);
}

}  // namespace curfew::tool
