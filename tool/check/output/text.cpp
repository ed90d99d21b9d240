// SPDX-License-Identifier: Apache-2.0
#include "check/findings/words.hpp"
#include "check/output/output.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace curfew::tool {
namespace {

constexpr std::size_t most_frames = 12, most_library_frames = 6;

void print_frame(std::ostream& out, const frame& at) {
  out << "      " << short_name(at.function) << "  ";
  if (!at.file.empty())
    out << at.file << ":" << at.line;
  else
    out << place_text(at);
  out << "\n";
}

/// Without the C library's frames under the thread's function and above what it was called for.
void print_stack(std::ostream& out, const std::vector<frame>& stack) {
  std::size_t end = stack.size();
  while (end > 0 && is_library_frame(stack[end - 1])) --end;
  // Nothing of the program's own: what the libraries were called for stands in their first frames.
  if (end == 0) end = std::min(stack.size(), most_library_frames);
  // Of the libraries' frames on top the innermost says what was being done; the others how it is written inside.
  std::size_t own = 0;
  while (own < end && is_library_frame(stack[own])) ++own;
  if (own > 2 && own < end) {
    print_frame(out, stack[0]);
    out << "      … " << own - 1 << " more of the libraries\n";
  } else {
    own = 0;
  }
  end = std::min(end, own + most_frames + (end == own + most_frames + 1 ? 1 : 0));
  for (std::size_t i = own; i < end; ++i) print_frame(out, stack[i]);
}

std::string counted(unsigned count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::string why_not_seen(const check_result& result) {
  if (result.signal != 0)
    return "the program died by " + signal_text(static_cast<std::uint64_t>(result.signal)) + " before it began";
  if (!result.became.empty())
    return "the program became another one by exec, " + result.became +
           ", before its own exit; check that one, or use --children";
  return "the program left by _exit, quick_exit or the like, which destroy nothing";
}

void print_text(std::ostream& out, const check_result& result, bool colour) {
  const auto paint = [&](const char* code) { return colour ? code : ""; };
  unsigned errors = 0, warnings = 0;
  for (const auto& f : result.findings) {
    ++(f.error ? errors : warnings);
    out << "\n"
        << paint(f.error ? "\033[1;31m" : "\033[1;33m") << (f.error ? "error" : "warning") << paint("\033[0m") << " ["
        << paint("\033[1m") << f.kind << paint("\033[0m") << "]";
    if (f.count > 1) out << " (" << f.count << " times)";
    out << "\n  " << f.message << "\n";
    for (const auto& t : f.threads) {
      out << "    " << paint("\033[36m") << (t.number == 0 ? "main thread" : "thread #" + std::to_string(t.number));
      if (t.number != 0 && !t.name.empty()) out << " \"" << t.name << "\"";
      out << paint("\033[0m") << " " << t.role;
      if (t.number != 0) {
        out << "; " << t.kind;
        if (!t.created_at.module.empty()) {
          out << ", started at " << place_text(t.created_at);
          if (!t.created_at.function.empty()) out << " in " << t.created_at.function;
        }
      }
      out << (t.stack.empty() ? "\n" : ":\n");
      print_stack(out, t.stack);
    }
    out << "    " << paint("\033[32m") << "do:" << paint("\033[0m") << " " << f.advice << "\n";
  }
  if (!result.findings.empty()) out << "\n";
  if (!result.exit_seen) {
    out << "curfew check: the exit was not checked: " << why_not_seen(result) << "\n";
  } else if (result.findings.empty()) {
    out << "curfew check: clean: " << counted(result.destructors, "static destructor") << ", "
        << counted(result.threads, "thread") << " watched";
    const char* before = "; kept to the end by design: ";
    for (const auto& [owner, count] : result.kept_threads) {
      out << before << counted(count, "thread") << " of " << owner;
      before = ", ";
    }
    if (result.signal != 0) out << "; the program died by " << signal_text(result.signal) << " during its exit";
    out << "\n";
  }
  if (!result.findings.empty())
    out << "curfew check: " << errors << (errors == 1 ? " error, " : " errors, ") << warnings
        << (warnings == 1 ? " warning\n" : " warnings\n");
}

}  // namespace curfew::tool
