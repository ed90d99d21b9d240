// SPDX-License-Identifier: Apache-2.0
// The options of the command and of its subcommands. One file knows which library reads them, because that library is
// slow to compile: options.cpp.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
class Option;
}  // namespace CLI

namespace curfew::tool {

/// One option of a subcommand. Each call returns the option itself.
class option {
 public:
  explicit option(CLI::Option* of) : of_(of) {}

  /// What --help shows behind the name.
  option* option_text(const std::string&);
  /// A function that returns what is wrong with a value, or nothing.
  option* check(std::string (*wrong)(const std::string&));
  option* between(unsigned lowest, unsigned highest);
  /// `kind`: what the values are, for the message about one that is none of them.
  option* one_of(const std::vector<std::string>& values, const std::string& kind = "value");
  option* excludes(option*);
  option* required();
  /// Whether words that follow the value are values, too.
  option* allow_extra_args(bool);

 private:
  CLI::Option* of_;
};

/// A subcommand. The variables have to live until it has run.
class verb_options {
 public:
  explicit verb_options(CLI::App* of) : of_(of) {}

  option* add_flag(const char* name, bool& set, const char* help);
  option* add_option(const char* name, std::string& value, const char* help);
  option* add_option(const char* name, unsigned& value, const char* help);
  option* add_option(const char* name, std::optional<std::string>& value, const char* help);
  option* add_option(const char* name, std::vector<std::string>& values, const char* help);
  /// What stands behind the first word that is no option is left alone.
  void positionals_at_end();
  void footer(const char* text);
  void callback(std::function<void()>);

 private:
  template <class Value>
  option* add(const char* name, Value& value, const char* help);

  CLI::App* of_;
  std::deque<option> options_;  // they are pointed at
};

/// Thrown by a subcommand that ends with a status of its own.
struct exit_status {
  int status;
};

class command {
 public:
  command(const char* name, const char* version, const char* about);
  ~command();
  command(const command&) = delete;
  command& operator=(const command&) = delete;

  verb_options* add_subcommand(const char* name, const char* help);
  /// Reads the words, and runs the subcommand that they name. Returns the exit status; throws what the subcommand
  /// throws.
  int run(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  std::deque<verb_options> verbs_;
};

}  // namespace curfew::tool
