// SPDX-License-Identifier: Apache-2.0
#include "check/findings/words.hpp"
#include "check/output/output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace curfew::tool {
namespace {

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) switch (c) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  return safe;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

constexpr const char* style = R"(
:root{--ink:#1d2430;--soft:#667085;--line:#d9dee7;--page:#fff;--lane:#eef2f8;--error:#c62828;--warning:#b26a00;--step:#4263a9}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#343b48;--page:#15181e;--lane:#222833;--error:#ff6b6b;--warning:#e0a030;--step:#7f9fe0}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p.sum{color:var(--soft);margin:0}
svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg text.soft{fill:var(--soft)}
article{border:1px solid var(--line);border-left:4px solid var(--warning);border-radius:6px;padding:.8rem 1rem;margin:1rem 0}
article.error{border-left-color:var(--error)}
article h3{font:600 1rem/1.3 ui-monospace,monospace;margin:0 0 .4rem}article h3 small{color:var(--soft);font-weight:400}
article .do{color:var(--soft);margin:.6rem 0 0}
details{margin:.4rem 0}summary{cursor:pointer}
ol{font:13px/1.5 ui-monospace,monospace;margin:.3rem 0;padding-left:2.2rem;overflow-wrap:anywhere}ol span{color:var(--soft)}
)";

void print_timeline(std::ostream& out, const exit_story& story) {
  if (story.length_ms <= 0) return;
  constexpr double left = 230, width = 850, row = 40, top = 30;
  // Steps lie over each other when one is inside another; each gets a row of its own, up to a number that can be read.
  const std::size_t shown = std::min<std::size_t>(story.steps.size(), 40);
  const double height = top + row * static_cast<double>(story.lanes.size()) + 22 * static_cast<double>(shown) + 40;
  // Destructors take microseconds and waits take seconds: the square root lets both be seen.
  const auto x = [&](double ms) { return left + width * std::sqrt(std::clamp(ms / story.length_ms, 0.0, 1.0)); };
  out << "<h2>The exit, " << number(story.length_ms) << " ms</h2>\n<svg viewBox=\"0 0 1100 " << number(height)
      << "\" role=\"img\" aria-label=\"timeline of the exit\">\n";
  for (const double part : {0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0}) {
    const double ms = part * story.length_ms;
    out << "<line x1=\"" << number(x(ms)) << "\" x2=\"" << number(x(ms)) << "\" y1=\"18\" y2=\"" << number(height - 20)
        << "\" stroke=\"var(--line)\"/><text class=\"soft\" x=\"" << number(x(ms)) << "\" y=\"12\" text-anchor=\""
        << (part == 0.0   ? "start"
            : part == 1.0 ? "end"
                          : "middle")
        << "\">" << number(ms) << " ms</text>\n";
  }
  double y = top;
  for (const auto& lane : story.lanes) {
    const double end = lane.end_ms >= 0 ? lane.end_ms : story.length_ms;
    out << "<text x=\"0\" y=\"" << number(y + 14) << "\">" << escaped(lane.name) << "</text><rect x=\""
        << number(x(lane.begin_ms)) << "\" y=\"" << number(y + 3) << "\" width=\""
        << number(std::max(2.0, x(end) - x(lane.begin_ms))) << "\" height=\"" << number(row - 8)
        << "\" rx=\"3\" fill=\"var(--lane)\"/>";
    if (!lane.when_main_ended.empty())
      out << "<text class=\"soft\" x=\"0\" y=\"" << number(y + 29)
          << "\">at first: " << escaped(lane.when_main_ended.substr(0, 34)) << "<title>"
          << escaped(lane.when_main_ended) << "</title></text>";
    for (const auto& mark : lane.marks)
      out << "<circle cx=\"" << number(x(mark.at_ms)) << "\" cy=\"" << number(y + 19) << "\" r=\"5\" fill=\"var(--"
          << (mark.error ? "error" : "step") << ")\"><title>" << number(mark.at_ms) << " ms: " << escaped(mark.what)
          << "</title></circle>\n";
    y += row;
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& step = story.steps[i];
    const double from = x(step.begin_ms), to = std::max(from + 3, x(step.end_ms));
    // Behind the bar, before it, or, where it leaves no room at either side, inside.
    const double length = 7.0 * static_cast<double>(std::min<std::size_t>(step.what.size(), 80) + 12);
    const bool behind = to + 6 + length <= 1090, before = !behind && from - 6 - length >= left;
    const bool inside = !behind && !before;
    const std::string text = escaped(step.what.substr(0, 80)) + " <tspan class=\"" + (inside ? "" : "soft") + "\">" +
                             number(step.end_ms - step.begin_ms) + " ms</tspan>";
    out << "<rect x=\"" << number(from) << "\" y=\"" << number(y + 5) << "\" width=\"" << number(to - from)
        << "\" height=\"12\" rx=\"2\" fill=\"var(--step)\"><title>" << escaped(step.what + " at " + step.where)
        << "</title></rect><text x=\"" << number(behind ? to + 6 : from + (before ? -6 : 6)) << "\" y=\""
        << number(y + 15) << "\" text-anchor=\"" << (before ? "end" : "start") << (inside ? "\" style=\"fill:#fff" : "")
        << "\">" << text << "</text>\n";
    y += 22;
  }
  if (shown < story.steps.size())
    out << "<text class=\"soft\" x=\"" << number(left) << "\" y=\"" << number(y + 15) << "\">and "
        << story.steps.size() - shown << " more</text>\n";
  out << "</svg>\n";
}

void print_stack(std::ostream& out, const std::vector<frame>& stack) {
  out << "<ol start=\"0\">";
  for (const auto& one : stack) {
    out << "<li>" << escaped(one.function.empty() ? "??" : one.function) << " <span>";
    if (!one.file.empty()) out << escaped(one.file) << ":" << one.line << " ";
    frame bare = one;
    bare.file.clear();
    out << escaped(place_text(bare)) << "</span></li>";
  }
  out << "</ol>";
}

}  // namespace

void print_html(std::ostream& out, const check_result& result) {
  const auto errors =
      std::count_if(result.findings.begin(), result.findings.end(), [](const finding& f) { return f.error; });
  const auto warnings = static_cast<long>(result.findings.size()) - errors;
  out << "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><title>curfew check: "
      << escaped(result.story.program) << "</title><style>" << style << "</style>\n<h1>"
      << escaped(result.story.program) << "</h1><p class=\"sum\">curfew check: " << errors
      << (errors == 1 ? " error, " : " errors, ") << warnings << (warnings == 1 ? " warning" : " warnings")
      << "; the program's own status is " << result.status
      << (result.story.ended ? "" : "; it did not come to the end of its exit") << "</p>\n";
  print_timeline(out, result.story);
  out << "<h2>Findings</h2>\n";
  if (result.findings.empty()) out << "<p>None.</p>\n";
  for (const auto& f : result.findings) {
    out << "<article class=\"" << (f.error ? "error" : "warning") << "\"><h3>" << escaped(f.kind) << " <small>"
        << (f.error ? "error" : "warning");
    if (f.count > 1) out << ", " << f.count << " times";
    out << "</small></h3><div>" << escaped(f.message) << "</div>";
    for (const auto& t : f.threads) {
      out << "<details" << (&t == &f.threads.front() ? " open" : "") << "><summary>"
          << escaped(t.number == 0 ? "main thread" : "thread #" + std::to_string(t.number) + " \"" + t.name + "\"")
          << " " << escaped(t.role) << " (" << escaped(t.kind) << ")</summary>";
      print_stack(out, t.stack);
      if (!t.created_stack.empty()) {
        out << "started by";
        print_stack(out, t.created_stack);
      }
      out << "</details>";
    }
    out << "<p class=\"do\">" << escaped(f.advice) << "</p></article>\n";
  }
  out << "</html>\n";
}

}  // namespace curfew::tool
