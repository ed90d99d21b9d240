// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0, as GitHub's code scanning and editors read it.
#include "check/findings/words.hpp"
#include "check/output/output.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

namespace curfew::tool {
namespace {

using nlohmann::ordered_json;

/// As a URI: below the folder that the command runs in, relative to it, as those who read the file want it. A build
/// that names its sources from its own folder (`../src/x.cpp`) means that one, where it is there.
ordered_json artifact(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code none;
  const fs::path path = fs::path(file).lexically_normal(), here = fs::current_path(none);
  fs::path near = path.is_absolute() ? path.lexically_relative(here) : path;
  bool below = !near.empty() && *near.begin() != "..";
  if (path.is_relative()) {
    while (!near.empty() && *near.begin() == "..") near = near.lexically_relative("..");
    below = fs::exists(here / near, none);
  }
  const std::string name = below || path.is_relative() ? near.string() : path.string();
  std::string uri = below || path.is_relative() ? "" : "file://";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       std::string_view("/-._~+").find(c) != std::string_view::npos;
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", byte);
    uri += plain ? std::string(1, c) : std::string(code);
  }
  ordered_json at = {{"uri", uri}};
  if (below) at["uriBaseId"] = "SRCROOT";
  return at;
}

ordered_json location(const std::string& file, int line) {
  ordered_json physical = {{"artifactLocation", artifact(file)}};
  if (line > 0) physical["region"] = {{"startLine", line}};
  return {{"physicalLocation", std::move(physical)}};
}

/// Where it is shown: the use itself, the static, where the thread was started; if nothing else, the program.
ordered_json first_location(const finding& f, const std::string& program) {
  for (const auto& t : f.threads)
    if (const auto own = first_own(t.stack); !t.stack.empty() && !own.file.empty() && !is_library_frame(own))
      return location(own.file, own.line);
  if (!f.object.file.empty()) return location(f.object.file, f.object.line);
  for (const auto& t : f.threads)
    if (!t.created_at.file.empty()) return location(t.created_at.file, t.created_at.line);
  return location(program, 0);
}

ordered_json related_locations(const finding& f) {
  ordered_json all = ordered_json::array();
  const auto add = [&](const std::string& file, int line, const std::string& text) {
    if (file.empty()) return;
    ordered_json one = location(file, line);
    one["message"] = {{"text", text}};
    all.push_back(std::move(one));
  };
  add(f.object.file, f.object.line, "the static " + f.object.name);
  for (const auto& t : f.threads)
    if (t.number != 0)
      add(t.created_at.file, t.created_at.line, "thread #" + std::to_string(t.number) + " was started here");
  return all;
}

ordered_json stack_of(const involved_thread& t) {
  ordered_json frames = ordered_json::array();
  for (const auto& one : t.stack) {
    ordered_json at = one.file.empty() ? ordered_json::object() : location(one.file, one.line);
    at["logicalLocations"] = {{{"fullyQualifiedName", one.function.empty() ? place_text(one) : one.function}}};
    frames.push_back({{"location", std::move(at)}, {"module", one.module}});
  }
  const std::string who = t.number == 0 ? "main thread" : "thread #" + std::to_string(t.number) + " \"" + t.name + "\"";
  return {{"message", {{"text", who + " " + t.role}}}, {"frames", std::move(frames)}};
}

/// The same finding of another build has the same: no addresses, no lines.
std::string fingerprint(const finding& f) {
  std::string text = f.kind + "|" + f.object.name;
  for (const auto& t : f.threads)
    text += "|" + name_without_number(t.name) + "|" + t.kind + "|" + t.created_at.function + "|" +
            (t.stack.empty() ? "" : first_own(t.stack).function);
  return text;
}

}  // namespace

void print_sarif(std::ostream& out, const check_result& result) {
  ordered_json rules = ordered_json::array();
  for (const auto& kind : finding_kinds)
    rules.push_back({{"id", kind.name},
                     {"shortDescription", {{"text", kind.means}}},
                     {"defaultConfiguration", {{"level", kind.error ? "error" : "warning"}}}});
  ordered_json results = ordered_json::array();
  for (const auto& f : result.findings) {
    const auto rule = std::find_if(std::begin(finding_kinds), std::end(finding_kinds),
                                   [&](const finding_kind& kind) { return kind.name == f.kind; });
    ordered_json stacks = ordered_json::array();
    for (const auto& t : f.threads)
      if (!t.stack.empty()) stacks.push_back(stack_of(t));
    ordered_json one = {{"ruleId", f.kind},
                        {"ruleIndex", rule - std::begin(finding_kinds)},
                        {"level", f.error ? "error" : "warning"},
                        {"message", {{"text", f.message + ". What to do: " + f.advice + "."}}},
                        {"locations", {first_location(f, result.story.program)}},
                        {"relatedLocations", related_locations(f)},
                        {"stacks", std::move(stacks)},
                        {"occurrenceCount", f.count},
                        {"partialFingerprints", {{"curfew/1", fingerprint(f)}}}};
    results.push_back(std::move(one));
  }
  ordered_json invocation = {{"executionSuccessful", result.exit_seen}, {"exitCode", result.status}};
  if (!result.exit_seen)
    invocation["toolExecutionNotifications"] = {
        {{"level", "warning"}, {"message", {{"text", "the exit was not checked: " + why_not_seen(result)}}}}};
  std::error_code none;
  ordered_json run = {
      {"tool",
       {{"driver", {{"name", "curfew check"}, {"version", CURFEW_COMMAND_VERSION}, {"rules", std::move(rules)}}}}},
      {"originalUriBaseIds", {{"SRCROOT", {{"uri", "file://" + std::filesystem::current_path(none).string() + "/"}}}}},
      {"invocations", {std::move(invocation)}},
      {"results", std::move(results)},
      {"properties", {{"schema", "curfew.check.sarif/1"}, {"program", result.story.program}}}};
  const ordered_json whole = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", {std::move(run)}}};
  // Names come from files that may hold anything.
  out << whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace curfew::tool
