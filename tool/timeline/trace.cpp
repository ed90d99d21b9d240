// SPDX-License-Identifier: Apache-2.0
#include "timeline/trace.hpp"

#include "failure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <istream>
#include <map>
#include <vector>

namespace curfew::tool {
namespace {

using nlohmann::json;

/// Control characters could act on a terminal.
std::string cleaned(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

/// One event a line, as the library writes them, so that what is wrong has a line and only the last can be a part of
/// one.
class reader {
 public:
  explicit reader(const std::string& name) : name_(name) {}

  void take(std::string line) {
    ++number_;
    while (!line.empty() && (line.back() == ',' || line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (number_ == 1 && line != "[") wrong("it does not begin with a line \"[\"");
    if (line.empty() || line == "[") return;
    if (is_cut_ || is_whole_) wrong("there is more behind the end");
    if (line == "]") {
      is_whole_ = true;
      return;
    }
    const json event = json::parse(line, nullptr, false);
    if (event.is_discarded()) {
      is_cut_ = true;  // by the end of the process, if nothing follows
      return;
    }
    try {
      add(event);
    } catch (const json::exception&) {
      wrong("it is no event of an exit");
    }
  }

  trace result() {
    if (number_ == 0) wrong("it is empty");
    if (!began_) wrong("no exit begins in it");
    exit_story& story = found_.story;
    story.length_ms = at(last_);
    story.ended = is_whole_;
    for (auto& step : story.steps)
      if (step.end_ms < 0) step.end_ms = story.length_ms;
    for (auto& [id, lane] : lanes_)
      if (!lane.marks.empty() || lane.end_ms >= 0 || lane.begin_ms >= 0) story.lanes.push_back(std::move(lane));
    std::stable_sort(story.lanes.begin(), story.lanes.end(),
                     [](const exit_lane& a, const exit_lane& b) { return a.name < b.name; });
    return std::move(found_);
  }

 private:
  [[noreturn]] void wrong(const std::string& what) const {
    throw failure(failure::own, name_ + ":" + std::to_string(std::max(number_, 1U)) + ": " + what +
                                    "; a timeline is what curfew run --timeline or CURFEW_EXIT=timeline=FILE writes");
  }

  /// A number without a fraction that an int can hold: what JSON has may be neither.
  [[nodiscard]] int whole(const json& number) const {
    if (!number.is_number_integer() || number != number.get<int>()) wrong("it is no event of an exit");
    return number.get<int>();
  }

  [[nodiscard]] double at(double us) const { return (us - *began_) / 1000; }

  double time_of(const json& event) {
    const double us = event.at("ts").get<double>();
    if (!began_ || us < *began_) began_ = us;
    last_ = std::max(last_, us);
    return us;
  }

  void add(const json& event) {
    const auto phase = event.at("ph").get<std::string>();
    const int track = whole(event.at("tid"));
    found_.pid = whole(event.at("pid"));
    if (phase == "M") {
      const std::string name = cleaned(event.at("args").at("name").get<std::string>());
      if (event.at("name") == "process_name") {
        found_.story.program = name;
        exiting_ = track;
      } else if (track != exiting_) {
        lanes_[track].name =
            "\"" + name + "\"" + (event["args"].contains("number") ? " (#" + event["args"]["number"].dump() + ")" : "");
        lanes_[track].begin_ms = -1;
      }
    } else if (track == exiting_) {
      add_step(phase, event, time_of(event));
    } else {
      add_to_lane(phase, event, lanes_[track], time_of(event));
    }
  }

  void add_step(const std::string& phase, const json& event, double us) {
    auto& steps = found_.story.steps;
    if (phase == "B") {
      const std::string what = cleaned(event.at("name").get<std::string>());
      open_.push_back(steps.size());
      exit_step& step = steps.emplace_back();
      const auto category = event.at("cat").get<std::string>();
      step.what = category == "exit" ? what : category + " \"" + what + "\"";
      step.begin_ms = at(us);
      step.end_ms = -1;
    } else if (phase == "E" && !open_.empty()) {
      steps[open_.back()].end_ms = at(us);
      open_.pop_back();
    } else if (phase == "i") {
      const json& more = event.at("args");
      if (more.contains("status")) found_.status = whole(more["status"]);
      if (more.contains("why")) found_.why = cleaned(more["why"].get<std::string>());
    }
  }

  void add_to_lane(const std::string& phase, const json& event, exit_lane& lane, double us) {
    if (phase == "E") {
      lane.end_ms = at(us);
      lane.marks.push_back({"has ended", at(us), false});
      return;
    }
    if (lane.begin_ms < 0) lane.begin_ms = at(us);
    if (event.contains("args")) {
      const json& more = event["args"];
      lane.when_main_ended = more.at("kind").get<std::string>();
      if (more.contains("started at"))
        lane.when_main_ended += ", started at " + cleaned(more["started at"].get<std::string>());
    }
    const auto what = event.at("name").get<std::string>();
    if (phase != "X") lane.marks.push_back({what, at(us), false});
    if (what == "is frozen") lane.end_ms = at(us);
  }

  const std::string& name_;
  unsigned number_ = 0;
  bool is_cut_ = false, is_whole_ = false;
  int exiting_ = -1;
  std::optional<double> began_;
  double last_ = 0;
  std::vector<std::size_t> open_;
  std::map<int, exit_lane> lanes_;
  trace found_;
};

}  // namespace

trace read_trace(std::istream& in, const std::string& name) {
  reader events(name);
  for (std::string line; std::getline(in, line);) events.take(std::move(line));
  return events.result();
}

}  // namespace curfew::tool
