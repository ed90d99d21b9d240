// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include "failure.hpp"
#include "suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

namespace curfew::tool {
namespace {

/// What is wrong, in the words of this command where the parser's do not name the word or what is allowed.
std::string explain(const CLI::App& app, const CLI::Error& error) {
  const auto verbs = app.get_subcommands();
  const bool no_argument = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (no_argument || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    // The first word that is not understood: also why nothing is left of what is required.
    const auto words = app.remaining(true);
    const auto word = std::find_if(words.begin(), words.end(), [](const std::string& one) { return one != "--"; });
    if (word != words.end() && verbs.empty() && !word->starts_with("-"))
      return unknown("command", *word, {"run", "check", "dump", "symbolize", "timeline"});
    std::vector<std::string> options;
    for (const CLI::Option* const option : (verbs.empty() ? &app : verbs.front())->get_options())
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    if (word != words.end()) return unknown("option", *word, options);
  }
  if (no_argument && verbs.empty())
    return "no command given; say run, check or dump, for example: curfew check -- ./program";
  if (no_argument && verbs.front()->get_name() == "dump") return "no process id given; for example: curfew dump 4711";
  if (no_argument) return "no program given; for example: curfew " + verbs.front()->get_name() + " -- ./program";
  std::string text = error.what();
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    const std::string between = " excludes ";
    const auto at = text.find(between);
    return text.substr(0, at) + " and " + text.substr(at + between.size()) + " cannot be used together";
  }
  // What takes a value is checked before it is converted, so it is a flag: "Could not convert: --quiet = no".
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    const auto name = text.find("--");
    return name == std::string::npos ? text : text.substr(name, text.find(' ', name) - name) + " takes no value";
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return text.substr(0, text.find(':')) +
           (text.find("received") != std::string::npos ? " may be given only once" : " needs a value");
  return text;
}

/// `--option=` with nothing behind it, as a variable that is not set leaves it: the parser would take the next word for
/// the value, and so the program's name for a file to write. Looks at curfew's own words only.
void refuse_empty_values(const CLI::App& app, std::span<char* const> words) {
  const CLI::App* verb = nullptr;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--") return;
    if (!word.starts_with('-')) {
      if (verb != nullptr) return;  // the program's name: what follows is its own
      const auto named = app.get_subcommands([word](const CLI::App* one) { return one->get_name() == word; });
      if (named.empty()) return;  // the parser says so
      verb = named.front();
      continue;
    }
    const auto equals = word.find('=');
    const std::string name(word.substr(0, equals));
    const CLI::Option* const given = verb != nullptr ? verb->get_option_no_throw(name) : nullptr;
    if (given == nullptr) continue;
    if (equals == std::string_view::npos)
      i += given->get_items_expected_min() > 0 ? 1 : 0;
    else if (equals + 1 == word.size())
      throw failure(failure::own, name + ": the value is empty");
  }
}

constexpr std::size_t help_column = 26, help_width = 54;  // for a terminal of 80 columns

/// In lines of `help_width`: the parser breaks none.
std::string wrapped(const std::string& help) {
  std::istringstream words(help);
  std::string text, word;
  for (std::size_t column = 0; words >> word; column += word.size()) {
    const bool fits = column + 1 + word.size() <= help_width;
    if (!text.empty()) text += fits ? ' ' : '\n';
    column = text.empty() || !fits ? 0 : column + 1;
    text += word;
  }
  return text;
}

/// Options are described in lines that fit; the program and its arguments as they are to be written, behind the word
/// that keeps its options from being curfew's.
class formatter : public CLI::Formatter {
  std::string make_option_usage(const CLI::Option* program) const override {
    const std::string name = program->get_name(true);
    if (program->get_expected_max() > 1) return "-- " + name + " [ARG...]";
    return program->get_required() ? name : "[" + name + "]";
  }
  std::string make_option_desc(const CLI::Option* described) const override {
    return wrapped(CLI::Formatter::make_option_desc(described));
  }
};

}  // namespace

option* option::option_text(const std::string& text) { return of_->option_text(text), this; }

option* option::check(std::string (*wrong)(const std::string&)) { return of_->check(wrong), this; }

option* option::between(unsigned lowest, unsigned highest) {
  return of_->check([=](const std::string& word) {
    unsigned value = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool good = wrong == std::errc{} && end == word.data() + word.size() && value >= lowest && value <= highest;
    return good ? std::string()
                : "'" + word + "' is not a whole number from " + std::to_string(lowest) + " to " +
                      std::to_string(highest);
  }),
         this;
}

option* option::one_of(const std::vector<std::string>& values, const std::string& kind) {
  return of_->check([=](const std::string& word) { return check_known(kind, word, values); }), this;
}

option* option::excludes(option* other) { return of_->excludes(other->of_), this; }

option* option::required() { return of_->required(), this; }

option* option::allow_extra_args(bool allow) { return of_->allow_extra_args(allow), this; }

template <class Value>
option* verb_options::add(const char* name, Value& value, const char* help) {
  return &options_.emplace_back(of_->add_option(name, value, help));
}

option* verb_options::add_flag(const char* name, bool& set, const char* help) {
  return &options_.emplace_back(of_->add_flag(name, set, help));
}

option* verb_options::add_option(const char* name, std::string& value, const char* help) {
  return add(name, value, help);
}

option* verb_options::add_option(const char* name, unsigned& value, const char* help) { return add(name, value, help); }

option* verb_options::add_option(const char* name, std::optional<std::string>& value, const char* help) {
  return add(name, value, help);
}

option* verb_options::add_option(const char* name, std::vector<std::string>& values, const char* help) {
  return add(name, values, help);
}

void verb_options::positionals_at_end() { of_->positionals_at_end(); }

void verb_options::footer(const char* text) { of_->footer(text); }

void verb_options::callback(std::function<void()> call) { of_->callback(std::move(call)); }

command::command(const char* name, const char* version, const char* about)
    : app_(std::make_unique<CLI::App>(about, name)) {
  app_->set_help_flag("-h,--help", "Print this help and exit");
  app_->set_version_flag("--version", version, "Print the version and exit");
  app_->formatter(std::make_shared<formatter>());
  app_->get_formatter()->column_width(help_column);
  app_->get_formatter()->label("SUBCOMMAND", "COMMAND");
  app_->require_subcommand(1);
  app_->failure_message([](const CLI::App* of, const CLI::Error& e) {
    const auto verbs = of->get_subcommands();
    return "curfew: " + explain(*of, e) + "\nSee curfew " + (verbs.empty() ? "" : verbs.front()->get_name() + " ") +
           "--help.\n";
  });
}

command::~command() = default;

verb_options* command::add_subcommand(const char* name, const char* help) {
  auto* const verb = app_->add_subcommand(name, help);
  verb->group("Commands");
  return &verbs_.emplace_back(verb);
}

int command::run(int argc, char** argv) {
  refuse_empty_values(*app_, std::span(argv, static_cast<std::size_t>(argc)));
  try {
    app_->parse(argc, argv);
  } catch (const exit_status& e) {
    return e.status;
  } catch (const CLI::ParseError& e) {
    // --help and --version are no errors; all others are the command's own failure, as `timeout` has it.
    return app_->exit(e) == 0 ? 0 : failure::own;
  }
  return 0;
}

}  // namespace curfew::tool
