// SPDX-License-Identifier: Apache-2.0
#include "run/record.hpp"

#include "os/small_text.hpp"
#include "os/standard_descriptor.hpp"
#include "run/request.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

namespace curfew::preload {
namespace {

using curfew::detail::os::small_text;
using text = small_text<16384>;

constexpr std::size_t most_threads = 64;

constinit text steps;  // the members that the steps' report gives
constinit small_text<2048> why;
std::atomic<bool> written{false};
std::atomic<unsigned> thawed{0};

/// As JSON has strings. Names are bytes; what is no UTF-8 is the reader's to find out.
template <std::size_t N>
void append_string(small_text<N>& to, std::string_view s) noexcept {
  to << "\"";
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      const char escaped[3] = {'\\', c, '\0'};
      to << escaped;
    } else if (byte < 0x20) {
      char digits[24];
      to << (byte < 0x10 ? "\\u000" : "\\u00") << curfew::detail::os::hexadecimal(byte, digits);
    } else {
      to << std::string_view(&c, 1);
    }
  }
  to << "\"";
}

void append_threads(const char* name, const std::vector<curfew::thread_info>& threads) noexcept {
  steps << ", \"" << name << "\": [";
  std::size_t count = 0;
  for (const auto& t : threads) {
    if (count++ == most_threads) break;
    steps << (count > 1 ? ", " : "") << "{\"name\": ";
    append_string(steps, t.name);
    steps << ", \"native_id\": " << t.native_id
          << ", \"main\": " << (t.kind == curfew::thread_kind::main ? "true" : "false") << "}";
  }
  steps << "], \"" << name << "_count\": " << threads.size();
}

long long microseconds(std::chrono::nanoseconds d) noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
}

}  // namespace

void note_steps(const curfew::exit_report& report, unsigned at_work) noexcept {
  if (asked().record[0] == '\0') return;
  steps << ", \"waited_us\": " << microseconds(report.waited) << ", \"freeze_us\": " << microseconds(report.freeze_time)
        << ", \"freeze_rounds\": " << report.freeze_rounds;
  append_threads("waited_for", report.waited_for);
  append_threads("frozen", report.frozen);
  append_threads("not_frozen", report.not_frozen);
  steps << ", \"at_work_count\": " << at_work;
}

void note_thawed(unsigned count) noexcept { thawed.store(count); }

void note_line(std::string_view line) noexcept {
  if (why.empty()) why << line;
}

void write_record(int status) noexcept {
  const char* const path = asked().record;
  if (path[0] == '\0' || written.exchange(true)) return;
  static constinit text record;
  record << "{\"schema\": \"curfew.run/1\", \"pid\": " << ::getpid() << ", \"status\": " << status;
  record << ", \"ended\": " << (why.empty() ? "\"regular\"" : "\"early\"");
  if (!why.empty()) append_string(record << ", \"why\": ", why.view());
  record << steps.view();
  if (const unsigned count = thawed.load()) record << ", \"thawed_count\": " << count;
  record << "}\n";
  const int fd = std::strcmp(path, "-") == 0 ? curfew::detail::os::standard_descriptor(STDOUT_FILENO)
                                             : ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  if (fd < 0) return;
  curfew::detail::os::write_all(fd, record.view());
  if (fd != STDOUT_FILENO) ::close(fd);
}

}  // namespace curfew::preload
