// SPDX-License-Identifier: Apache-2.0
// curfew: what the library does for programs that are already built.
#include "failure.hpp"
#include "verbs.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  using namespace curfew::tool;
  CLI::App app("Every thread of a process gets a defined end: run, or check, programs that are already built.",
               "curfew");
  app.set_version_flag("--version", "curfew " CURFEW_VERSION);
  app.require_subcommand(1);
  app.failure_message(
      [](const CLI::App* verb, const CLI::Error& e) { return "curfew: " + CLI::FailureMessage::simple(verb, e); });
  add_run(app);
  add_check(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& e) {  // how a subcommand that comes back hands over its status
    return e.get_exit_code();
  } catch (const CLI::ParseError& e) {
    // --help and --version are no errors; all others are the command's own failure, as `timeout` has it.
    return app.exit(e) == 0 ? 0 : failure::own;
  } catch (const failure& f) {
    std::fprintf(stderr, "curfew: %s\n", f.what());
    return f.status;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "curfew: %s\n", e.what());
    return failure::own;
  }
  return 0;
}
