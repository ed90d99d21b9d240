// SPDX-License-Identifier: Apache-2.0
#include "dump/output.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace curfew::tool::dump {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(std::int64_t value, bool known) { return known ? ordered_json(value) : ordered_json(nullptr); }
ordered_json or_null(const std::string& value) { return value.empty() ? ordered_json(nullptr) : ordered_json(value); }

double in_ms(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }

ordered_json wait_json(const wait& of, const dumped_process& all) {
  ordered_json descriptors = ordered_json::array();
  for (const descriptor& one : of.descriptors)
    descriptors.push_back({{"number", one.number}, {"what", or_null(one.what)}});
  return {{"kind", of.kind},
          {"text", wait_text(of, all)},
          {"call", or_null(of.call)},
          {"in", or_null(of.in)},
          {"address", or_null(static_cast<std::int64_t>(of.address), of.address != 0)},
          {"thread", or_null(of.owner, of.owner != 0)},
          {"limit_ms", of.limit_ns >= 0 ? ordered_json(in_ms(of.limit_ns)) : ordered_json(nullptr)},
          {"descriptors", descriptors}};
}

ordered_json known_json(const dumped_thread& t) {
  if (!t.is_known) return nullptr;
  const known_thread& k = t.known;
  return {{"number", k.number},
          {"name", k.name},
          {"kind", k.kind},
          {"state", k.state},
          {"parent", k.parent},
          {"started_at_ms", or_null(k.started_at_ns / 1'000'000, k.started_at_ns != 0)},
          {"created_at",
           {{"text", or_null(t.created_at)},
            {"file", or_null(k.created_at.file)},
            {"line", k.created_at.line},
            {"function", or_null(k.created_at.function)}}},
          {"takes_stop_token", k.takes_token},
          {"shields", k.shields},
          {"pool_worker", k.worker},
          {"library", k.library}};
}

ordered_json stack_json(const dumped_thread& t) {
  ordered_json list = ordered_json::array();
  for (const frame& one : t.stack)
    list.push_back({{"function", or_null(one.function)},
                    {"file", or_null(one.file)},
                    {"line", one.line},
                    {"module", or_null(one.module)},
                    {"offset", one.offset},
                    {"address", one.address}});
  return list;
}

ordered_json curfew_json(const dumped_process& all) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < all.curfews.found.size(); ++i) {
    const library& one = all.curfews.found[i];
    const exit_of_process& exit = all.exits[i];
    ordered_json whole = {{"module", one.module}, {"fault", or_null(one.fault)}};
    if (one.fault.empty())
      whole["exit"] = {{"phase", exit.phase},
                       {"run_by", or_null(exit.runner, exit.runner != 0)},
                       {"hook", or_null(exit.hook)},
                       {"age_ms", exit.age_ns > 0 ? ordered_json(in_ms(exit.age_ns)) : ordered_json(nullptr)},
                       {"waits_for", exit.waits_for}};
    list.push_back(std::move(whole));
  }
  return list;
}

}  // namespace

void print_json(std::ostream& out, const dumped_process& all) {
  ordered_json threads = ordered_json::array();
  for (const dumped_thread& t : all.threads)
    threads.push_back({{"tid", or_null(t.tid, t.tid != 0)},
                       {"name", t.name},
                       {"state", std::string(1, t.state)},
                       {"copied", t.copied ? (t.late ? "late" : "with the others") : "no"},
                       {"waits_for", wait_json(t.waits_for, all)},
                       {"curfew", known_json(t)},
                       {"stack", stack_json(t)},
                       {"stack_is_cut", t.stack_is_cut}});
  ordered_json cycles = ordered_json::array();
  for (const cycle& ring : all.cycles) {
    ordered_json list = ordered_json::array();
    for (const edge& one : ring) list.push_back({{"tid", one.from}, {"why", one.why}, {"for", one.to}});
    cycles.push_back(std::move(list));
  }
  const ordered_json whole = {{"schema", "curfew.dump/1"},
                              {"pid", all.about.pid},
                              {"name", all.about.name},
                              {"program", or_null(all.about.program)},
                              {"stopped_ms", in_ms(all.stopped.count())},
                              {"curfews", curfew_json(all)},
                              {"symbols_are_missing", all.curfews.symbols_are_missing},
                              {"cycles", cycles},
                              {"threads", threads}};
  out << whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace curfew::tool::dump
