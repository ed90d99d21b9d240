// SPDX-License-Identifier: Apache-2.0
// JUnit's XML, as Jenkins, GitLab and the others read it: one test case for the exit, and one for each finding.
#include "check/findings/words.hpp"
#include "check/output/escaped.hpp"
#include "check/output/output.hpp"

#include <algorithm>
#include <ostream>

namespace curfew::tool {
namespace {

/// What tells this finding from others of its kind.
std::string about(const finding& f) {
  if (!f.object.name.empty()) return f.object.name;
  for (const auto& t : f.threads)
    if (!t.stack.empty()) return place_text(first_own(t.stack));
  for (const auto& t : f.threads)
    if (!t.created_at.module.empty()) return place_text(t.created_at);
  return f.object.module;
}

std::string details(const finding& f) {
  std::string text = f.message + "\n";
  for (const auto& t : f.threads) {
    text += t.number == 0 ? "main thread" : "thread #" + std::to_string(t.number) + " \"" + t.name + "\"";
    text += " " + t.role + "\n";
    for (const auto& one : t.stack)
      if (!is_library_frame(one)) text += "    " + code_and_place_text(one) + "\n";
    if (!t.created_at.module.empty()) text += "  started at " + place_text(t.created_at) + "\n";
  }
  return text + "do: " + f.advice + "\n";
}

}  // namespace

void print_junit(std::ostream& out, const check_result& result, const std::function<bool(const finding&)>& fails) {
  const auto failures = std::count_if(result.findings.begin(), result.findings.end(), fails);
  const std::string program = escaped(base_name(result.story.program));
  const std::string counts = "tests=\"" + std::to_string(result.findings.size() + 1) + "\" failures=\"" +
                             std::to_string(failures) + "\" errors=\"0\" skipped=\"" + (result.exit_seen ? "0" : "1") +
                             "\"";
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"curfew check\" " << counts
      << ">\n  <testsuite name=\"" << program << "\" " << counts
      << ">\n    <properties>\n      <property name=\"schema\" value=\"curfew.check.junit/1\"/>\n"
      << "      <property name=\"program\" value=\"" << escaped(result.story.program)
      << "\"/>\n      <property name=\"status\" value=\"" << result.status << "\"/>\n    </properties>\n"
      << "    <testcase classname=\"" << program << "\" name=\"exit\"";
  if (result.exit_seen)
    out << "/>\n";
  else
    out << "><skipped message=\"" << escaped("the exit was not checked: " + why_not_seen(result))
        << "\"/></testcase>\n";
  for (const auto& f : result.findings) {
    out << "    <testcase classname=\"" << program << "\" name=\"" << escaped(f.kind + ": " + about(f)) << "\">";
    if (fails(f))
      out << "<failure type=\"" << f.kind << "\" message=\"" << escaped(f.message) << "\">" << escaped(details(f))
          << "</failure>";
    else
      out << "<system-out>" << escaped(details(f)) << "</system-out>";
    out << "</testcase>\n";
  }
  out << "  </testsuite>\n</testsuites>\n";
}

}  // namespace curfew::tool
