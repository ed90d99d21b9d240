// SPDX-License-Identifier: Apache-2.0
#include "check/interpreter.hpp"
#include "check/output.hpp"

#include <ostream>

namespace curfew::tool {
namespace {

constexpr std::size_t most_frames = 12;

void print_frame(std::ostream& out, const frame& at) {
  out << "      " << (at.function.empty() ? "??" : at.function) << "  ";
  if (!at.file.empty())
    out << at.file << ":" << at.line;
  else
    out << place_text(at);
  out << "\n";
}

/// Without the C library's frames under the thread's function and above what it was called for.
void print_stack(std::ostream& out, const std::vector<frame>& stack) {
  std::size_t end = stack.size();
  while (end > 1 && is_library_frame(stack[end - 1])) --end;
  if (end == 0) end = stack.size();
  for (std::size_t i = 0; i < end && i < most_frames; ++i) print_frame(out, stack[i]);
  if (end > most_frames) out << "      … " << end - most_frames << " more\n";
}

}  // namespace

void print_text(std::ostream& out, const check_result& result, bool colour) {
  const auto paint = [&](const char* code) { return colour ? code : ""; };
  unsigned errors = 0, warnings = 0;
  for (const auto& f : result.findings) {
    ++(f.error ? errors : warnings);
    out << "\n"
        << paint(f.error ? "\033[1;31m" : "\033[1;33m") << (f.error ? "error" : "warning") << paint("\033[0m") << " ["
        << paint("\033[1m") << f.lint << paint("\033[0m") << "]";
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
  if (!result.findings.empty())
    out << "\ncurfew check: " << errors << (errors == 1 ? " error, " : " errors, ") << warnings
        << (warnings == 1 ? " warning\n" : " warnings\n");
}

}  // namespace curfew::tool
