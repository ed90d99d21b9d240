// SPDX-License-Identifier: Apache-2.0
#include "check/output/output.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>

namespace curfew::tool {
namespace {

using nlohmann::ordered_json;

ordered_json place(const frame& at) {
  return {
      {"function", at.function}, {"file", at.file}, {"line", at.line}, {"module", at.module}, {"offset", at.offset}};
}

ordered_json places(const std::vector<frame>& all) {
  ordered_json list = ordered_json::array();
  for (const auto& one : all) list.push_back(place(one));
  return list;
}

}  // namespace

void print_json(std::ostream& out, const check_result& result) {
  ordered_json findings = ordered_json::array();
  for (const auto& f : result.findings) {
    ordered_json threads = ordered_json::array();
    for (const auto& t : f.threads)
      threads.push_back({{"number", t.number},
                         {"name", t.name},
                         {"role", t.role},
                         {"kind", t.kind},
                         {"pid", t.pid},
                         {"created_at", place(t.created_at)},
                         {"created_stack", places(t.created_stack)},
                         {"stack", places(t.stack)}});
    // "lint" is what the name of a finding was called when the schema was made: it stays for those who read it.
    findings.push_back({{"lint", f.kind},
                        {"severity", f.error ? "error" : "warning"},
                        {"message", f.message},
                        {"object",
                         {{"name", f.object.name},
                          {"module", f.object.module},
                          {"file", f.object.file},
                          {"line", f.object.line},
                          {"offset", f.object.offset},
                          {"size", f.object.size}}},
                        {"threads", std::move(threads)},
                        {"in_child", f.in_child},
                        {"count", f.count},
                        {"advice", f.advice}});
  }
  ordered_json steps = ordered_json::array();
  for (const auto& s : result.story.steps)
    steps.push_back({{"what", s.what}, {"where", s.where}, {"begin_ms", s.begin_ms}, {"end_ms", s.end_ms}});
  ordered_json kept = ordered_json::array();
  for (const auto& [owner, count] : result.kept_threads) kept.push_back({{"owner", owner}, {"threads", count}});
  const ordered_json whole = {{"schema", "curfew.check/1"},
                              {"program", result.story.program},
                              {"status", result.status},
                              {"loaded", result.loaded},
                              {"complete", result.complete},
                              {"findings", std::move(findings)},
                              {"kept", std::move(kept)},
                              {"exit",
                               {{"seen", result.exit_seen},
                                {"ended", result.story.ended},
                                {"length_ms", result.story.length_ms},
                                {"threads", result.threads_at_exit},
                                {"destructors", std::move(steps)}}}};
  // Names come from files that may hold anything.
  out << whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace curfew::tool
