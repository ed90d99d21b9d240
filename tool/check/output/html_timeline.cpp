// SPDX-License-Identifier: Apache-2.0
// The exit as it went: a row for each thread, and one for each destructor and exit handler. Rows of HTML instead of a
// drawing: they wrap on a narrow screen, can be folded, and are read aloud.
#include "check/output/escaped.hpp"
#include "check/output/html_parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <vector>

namespace curfew::tool {

std::string html_ms(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, ms >= 100 ? "%.0f" : ms >= 1 ? "%.1f" : "%.2f", ms);
  return (ms < 0.005 ? "0" : std::string(text)) + " ms";
}

namespace {

constexpr std::size_t most_rows = 40, most_lanes = 16;

class timeline {
 public:
  timeline(std::ostream& out, const exit_story& story) : out_(out), story_(story) {}

  void print() {
    out_ << "<div class=\"timeline\" style=\"--ticks:" << grid() << "\">\n";
    print_legend();
    print_axis();
    print_lanes();
    print_steps();
    out_ << "</div>\n";
  }

 private:
  /// In percent. Destructors take microseconds and waits take seconds: the square root lets both be seen.
  [[nodiscard]] double x(double ms) const { return 100 * std::sqrt(std::clamp(ms / story_.length_ms, 0.0, 1.0)); }

  static std::string text(double percent) {
    char written[32];
    std::snprintf(written, sizeof written, "%.2f", percent);
    return written;
  }

  /// Round numbers, as far from each other that their texts have room on a narrow screen.
  [[nodiscard]] std::vector<double> ticks() const {
    constexpr double room = 11;
    std::vector<double> all{0};
    for (double power = 0.001; power < story_.length_ms; power *= 10)
      for (const double factor : {1, 2, 5}) {
        const double at = x(power * factor);
        if (power * factor < story_.length_ms && at - x(all.back()) >= room && 100 - at >= room)
          all.push_back(power * factor);
      }
    all.push_back(story_.length_ms);
    return all;
  }

  /// Lines at the ticks, behind every row.
  [[nodiscard]] std::string grid() const {
    std::string lines;
    for (const double at : ticks())
      lines += (lines.empty() ? "" : ",") + std::string("linear-gradient(var(--line) 0 0) ") + text(x(at)) +
               "% 0/1px 100% no-repeat";
    return lines;
  }

  void print_legend() {
    out_ << "<ul class=\"legend\" aria-label=\"Legend\">"
            "<li><i class=\"lane\"></i>a thread, as long as it lived</li>"
            "<li><i class=\"dot\"></i>what it did</li>"
            "<li><i class=\"dot fault\"></i>a fault</li>"
            "<li><i class=\"step\"></i>"
         << story_.a_step_is << ", as long as it ran</li></ul>\n";
  }

  void print_axis() {
    out_ << "<div class=\"row axis\"><div>ms since the exit began; early times have more room</div>"
            "<div class=\"track\" role=\"img\" aria-label=\"time axis from 0 to "
         << html_ms(story_.length_ms) << "; early times have more room\">";
    const auto all = ticks();
    for (const double& at : all) {
      char round[32];
      std::snprintf(round, sizeof round, "%g", at);
      const bool last = &at == &all.back();  // it is no round number: as the heading has it
      const std::string number = last ? html_ms(at).substr(0, html_ms(at).find(' ')) : std::string(round);
      out_ << "<span"
           << (&at == &all.front() ? " class=\"first\""
               : last              ? " class=\"last\""
                                   : "")
           << " style=\"left:" << text(x(at)) << "%\">" << number << "</span>";
    }
    out_ << "</div></div>\n";
  }

  void print_bar(const char* kind, double begin, double end) {
    out_ << "<i class=\"" << kind << "\" style=\"left:" << text(x(begin)) << "%;width:" << text(x(end) - x(begin))
         << "%\"></i>";
  }

  /// "running", or "in" a function.
  static std::string where_text(const std::string& where) {
    return where.starts_with("in ") ? "in <code>" + escaped(where.substr(3)) + "</code>" : html_text(where);
  }

  /// Equal ones are folded: a thread may have used the same object a hundred times.
  void print_marks(const exit_lane& lane) {
    struct folded {
      const exit_mark* first;
      double last_ms;
      unsigned count;
    };
    std::vector<folded> all;
    for (const auto& mark : lane.marks) {
      const auto same = std::find_if(all.begin(), all.end(), [&](const folded& one) {
        return one.first->what == mark.what && one.first->error == mark.error;
      });
      if (same == all.end())
        all.push_back({&mark, mark.at_ms, 1});
      else
        same->last_ms = mark.at_ms, ++same->count;
    }
    out_ << "<ul class=\"what marks\">";
    if (!lane.when_main_ended.empty())
      out_ << "<li class=\"soft\">when the exit began: " << where_text(lane.when_main_ended) << "</li>";
    for (const auto& one : all) {
      out_ << "<li" << (one.first->error ? " class=\"bad\"" : "") << ">" << html_ms(one.first->at_ms) << ": "
           << html_text(one.first->what);
      if (one.count > 1) out_ << ", " << one.count << " times up to " << html_ms(one.last_ms);
      out_ << "</li>";
    }
    out_ << "</ul>";
  }

  /// Those that would lie on one that is there already are left out.
  void print_dots(const exit_lane& lane, bool faults) {
    constexpr double visible = 0.4;
    double last = -1;
    for (const auto& mark : lane.marks) {
      if (mark.error != faults || (last >= 0 && std::abs(x(mark.at_ms) - last) < visible)) continue;
      last = x(mark.at_ms);
      out_ << "<i class=\"dot" << (faults ? " fault" : "") << "\" style=\"left:" << text(last) << "%\"></i>";
    }
  }

  void print_lane(const exit_lane& lane) {
    const double end = lane.end_ms >= 0 ? lane.end_ms : story_.length_ms;
    out_ << "<li class=\"row\"><div class=\"name\">" << escaped(lane.name) << "</div><div class=\"track\">";
    print_bar("lane", lane.begin_ms, end);
    print_dots(lane, false);
    print_dots(lane, true);
    out_ << "</div>";
    print_marks(lane);
    out_ << "</li>\n";
  }

  void print_lanes() {
    std::vector<const exit_lane*> shown, folded;
    for (const auto& lane : story_.lanes) {
      const bool fault = std::any_of(lane.marks.begin(), lane.marks.end(), [](const exit_mark& m) { return m.error; });
      (shown.size() < most_lanes || fault ? shown : folded).push_back(&lane);
    }
    if (shown.empty()) return;
    out_ << "<h3 id=\"threads\">Threads</h3>\n<ul class=\"rows\" aria-labelledby=\"threads\">\n";
    for (const auto* const lane : shown) print_lane(*lane);
    if (!folded.empty()) {
      out_ << "<li><details><summary><span class=\"name\">" << folded.size()
           << " more without a fault</span></summary><ul class=\"rows\">\n";
      for (const auto* const lane : folded) print_lane(*lane);
      out_ << "</ul></details></li>\n";
    }
    out_ << "</ul>\n";
  }

  void print_step(const exit_step& step) {
    out_ << "<li class=\"row\"><div class=\"name\">" << html_text(step.what) << " <span class=\"soft\">"
         << html_ms(step.end_ms - step.begin_ms) << "</span></div><div class=\"track\">";
    print_bar("step", step.begin_ms, step.end_ms);
    out_ << "</div></li>\n";
  }

  /// One row, with the bars of all, that can be opened.
  void print_folded(const std::vector<const exit_step*>& steps, const std::string& name) {
    if (steps.empty()) return;
    double sum = 0;
    for (const auto* const step : steps) sum += step->end_ms - step->begin_ms;
    out_ << "<li><details class=\"fold\"><summary class=\"row\"><span class=\"name\">" << steps.size() << " " << name
         << " <span class=\"soft\">" << html_ms(sum) << "</span></span><span class=\"track\">";
    for (const auto* const step : steps) print_bar("step", step->begin_ms, step->end_ms);
    out_ << "</span></summary><ul class=\"rows\">\n";
    for (const auto* const step : steps) print_step(*step);
    out_ << "</ul></details></li>\n";
  }

  void print_steps() {
    // A destructor of a library that takes long is what somebody looks for.
    const double long_ms = std::max(10.0, story_.length_ms / 10);
    std::vector<const exit_step*> own, more, of_libraries;
    for (const auto& step : story_.steps) {
      const bool fold = step.of_library && step.end_ms - step.begin_ms < long_ms;
      (fold ? of_libraries : own.size() < most_rows ? own : more).push_back(&step);
    }
    if (story_.steps.empty()) return;
    out_ << "<h3 id=\"destructors\">" << story_.steps_are
         << "</h3>\n"
            "<ul class=\"rows\" aria-labelledby=\"destructors\">\n";
    for (const auto* const step : own) print_step(*step);
    print_folded(more, "more");
    print_folded(of_libraries, "of the C++ library and the system");
    out_ << "</ul>\n";
  }

  std::ostream& out_;
  const exit_story& story_;
};

}  // namespace

void print_html_timeline(std::ostream& out, const exit_story& story) { timeline(out, story).print(); }

}  // namespace curfew::tool
