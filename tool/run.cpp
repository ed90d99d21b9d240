// SPDX-License-Identifier: Apache-2.0
// curfew run: the exit protocol for a program that does not know of it.
#include "preload_library.hpp"
#include "program.hpp"
#include "start.hpp"
#include "verbs.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace curfew::tool {
namespace {

struct run_options {
  command_line program;
};

void run(const run_options& options) {
  const std::string path = find_preloadable(options.program.front());
  const std::string library = preload_library("run");
  set_variable("LD_PRELOAD", ld_preload_with(library));
  become(path, options.program);
}

}  // namespace

void add_run(CLI::App& app) {
  auto* const verb = app.add_subcommand("run", "Run a program; its detached threads do not outlive its main");
  const auto options = std::make_shared<run_options>();
  verb->positionals_at_end();
  verb->add_option("program", options->program, "The program and its arguments; -- before it ends curfew's own options")
      ->required()
      ->option_text("PROG [ARG...]");
  verb->callback([options] { run(*options); });
}

}  // namespace curfew::tool
