// SPDX-License-Identifier: Apache-2.0
#include "exit/options.hpp"

#include "exit/foreign.hpp"
#include "exit/policy.hpp"
#include "exit/request.hpp"
#include "exit/state.hpp"
#include "os/small_text.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

namespace curfew::inline v1 {
namespace detail {
namespace {

using std::chrono::milliseconds;

/// "250ms", "30s", "2m"; a number alone is milliseconds. Nothing when it is no such thing or does not fit.
std::optional<milliseconds> parse_duration(std::string_view text) {
  long long count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const long long factor = unit.empty() || unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
  // A year is more than anybody means, and keeps all sums of times far from overflowing.
  constexpr long long most = 366LL * 24 * 3600 * 1000;
  if (factor == 0 || count > most / factor || count < -most / factor) return std::nullopt;
  return milliseconds(count * factor);
}

bool set_duration(milliseconds& target, std::string_view value, bool may_be_negative = false) {
  const auto d = parse_duration(value);
  if (!d || (!may_be_negative && *d < milliseconds(0))) return false;
  target = *d;
  return true;
}

bool set_option(exit_options& o, std::string_view key, std::string_view value) {
  if (key == "grace") return set_duration(o.daemon_grace, value);
  if (key == "shield") return set_duration(o.shield_limit, value);
  if (key == "report_after") return set_duration(o.report_after, value, true);
  if (key == "destructors") return set_duration(o.destructor_limit, value, true);
  if (key == "second_signal_after") return set_duration(o.second_signal_after, value);
  if (key == "deadline") {
    milliseconds d{};
    if (value != "none" && !set_duration(d, value)) return false;
    o.deadline = value == "none" ? std::nullopt : std::optional(d);
    return true;
  }
  if (key == "deadline_status") {
    int status = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), status);
    if (error != std::errc{} || end != value.data() + value.size() || status < 0 || status > 255) return false;
    o.deadline_status = status;
    return true;
  }
  if (key == "daemons") {
    if (value != "freeze" && value != "skip_destructors") return false;
    o.daemons = value == "freeze" ? ending::freeze : ending::skip_destructors;
    return true;
  }
  if (key == "foreign") {
    if (value != "freeze" && value != "leave" && value != "wait") return false;
    o.foreign = value == "freeze" ? foreign_threads::freeze
                : value == "wait" ? foreign_threads::wait
                                  : foreign_threads::leave;
    return o.foreign == foreign_threads::leave || foreign_threads_are_tracked();
  }
  if (key == "report") {
    o.report = value;
    return !value.empty();
  }
  if (key == "timeline") {
    o.timeline = value;
    return !value.empty() && value != "-";
  }
  return false;
}

constexpr std::size_t most_shown = 100;  // of what does not parse

/// What `set_option` knows, as people are told who have written something else.
constexpr struct {
  std::string_view key, takes;
} known_options[] = {
    {"grace", "a time such as 500ms, 10s or 2m"},
    {"shield", "a time such as 500ms, 10s or 2m"},
    {"deadline", "none, or a time such as 500ms, 10s or 2m"},
    {"deadline_status", "a number from 0 to 255"},
    {"report_after", "a time such as 500ms, 10s or 2m; a negative one means never"},
    {"daemons", "freeze or skip_destructors"},
    {"destructors", "a time such as 500ms, 10s or 2m; a negative one means for ever"},
    {"foreign", "leave; with curfew::lock_tracking also freeze or wait"},
    {"second_signal_after", "a time such as 500ms, 10s or 2m"},
    {"report", "- for standard error, or the name of a file"},
    {"timeline", "the name of a file"},
};

/// Why `set_option` did not take `item`.
void explain(os::small_text<512>& line, std::string_view item) {
  const std::string_view key = item.substr(0, item.find('='));
  for (const auto& option : known_options)
    if (option.key == key) {
      line.quoted(item.substr(0, most_shown)) << " is wrong; " << key << " takes " << option.takes;
      return;
    }
  if (item.empty()) {
    line << "an item is empty; write key=value, with commas between";
    return;
  }
  (line << "unknown key ").quoted(key.substr(0, most_shown)) << "; known are ";
  for (const auto& option : known_options) line << (&option == known_options ? "" : ", ") << option.key;
}

/// Never destroyed: hooks, static destructors and the exit itself read it.
struct option_store {
  exit_options set;
  std::string environment;  ///< CURFEW_EXIT, if it parses
};

option_store& store() {
  static auto* const s = [] {
    auto* made = new option_store;
    // Not for programs with more rights than who starts them: `report` names a file to write.
    const char* const text = policy.preloaded ? policy.options() : ::secure_getenv("CURFEW_EXIT");
    if (text != nullptr) {
      exit_options tried;
      std::string_view problem;
      if (parse_exit_options(text, tried, problem)) {
        made->environment = text;
      } else {
        os::small_text<512> line;
        line << "curfew: " << (policy.preloaded ? "CURFEW_RUN" : "CURFEW_EXIT") << " is ignored: ";
        explain(line, problem);
        line << "\n";
        os::write_all(STDERR_FILENO, line.view());
      }
    }
    return made;
  }();
  return *s;
}

void check(bool good, const char* what) {
  if (!good) throw std::system_error(std::make_error_code(std::errc::invalid_argument), what);
}

}  // namespace

bool parse_exit_options(std::string_view text, exit_options& options, std::string_view& problem) {
  exit_options parsed = options;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const auto equals = item.find('=');
    problem = item;
    if (equals == std::string_view::npos || !set_option(parsed, item.substr(0, equals), item.substr(equals + 1)))
      return false;
  }
  options = std::move(parsed);
  return true;
}

exit_options options_now() {
  option_store& s = store();
  exit_options now;
  {
    const lock_registry lock;
    now = s.set;
  }
  std::string_view problem;
  parse_exit_options(s.environment, now, problem);
  return now;
}

}  // namespace detail

void set_exit_options(exit_options options) {
  using std::chrono::milliseconds;
  detail::initialise();
  detail::check(options.daemon_grace >= milliseconds(0), "curfew: exit_options::daemon_grace must not be negative");
  detail::check(options.shield_limit >= milliseconds(0), "curfew: exit_options::shield_limit must not be negative");
  detail::check(options.second_signal_after >= milliseconds(0),
                "curfew: exit_options::second_signal_after must not be negative");
  detail::check(!options.deadline || *options.deadline >= milliseconds(0),
                "curfew: exit_options::deadline must not be negative");
  detail::check(options.deadline_status >= 0 && options.deadline_status <= 255,
                "curfew: exit_options::deadline_status must be 0 to 255");
  detail::check(options.daemons == ending::freeze || options.daemons == ending::skip_destructors,
                "curfew: exit_options::daemons must be ending::freeze or ending::skip_destructors");
  detail::check(options.foreign == foreign_threads::leave || options.foreign == foreign_threads::freeze ||
                    options.foreign == foreign_threads::wait,
                "curfew: exit_options::foreign must be foreign_threads::leave, freeze or wait");
  detail::check(options.report.find('\0') == std::string::npos, "curfew: exit_options::report must not contain a NUL");
  detail::check(options.timeline.find('\0') == std::string::npos && options.timeline != "-",
                "curfew: exit_options::timeline must be the name of a file, without a NUL");
  if (options.foreign != foreign_threads::leave && !detail::foreign_threads_are_tracked())
    throw std::system_error(
        std::make_error_code(std::errc::operation_not_supported),
        "curfew: exit_options::foreign must be leave without curfew::lock_tracking; freeze and wait need it");
  {
    detail::option_store& s = detail::store();
    const detail::lock_registry lock;
    s.set = std::move(options);
  }
  detail::set_signal_spacing(detail::options_now().second_signal_after);
}

exit_options get_exit_options() {
  detail::initialise();
  return detail::options_now();
}

}  // namespace curfew::inline v1
