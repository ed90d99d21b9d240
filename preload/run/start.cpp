// SPDX-License-Identifier: Apache-2.0
// libcurfew-run.so: stands between main and the C library, as src/exit/start.cpp does in a program that is linked with
// curfew.
#include "exit/return_from_main.hpp"
#include "exported.hpp"
#include "lock_tracking/next.hpp"

namespace {

using namespace curfew::detail;

using main_function = int(int, char**, char**);
using start_function = int(main_function*, int, char**, void (*)(), void (*)(), void (*)(), void*);

constinit next_function<start_function> next_start("__libc_start_main");
constinit main_function* program_main = nullptr;

int call_main(int argc, char** argv, char** environment) { main_has_returned(program_main(argc, argv, environment)); }

}  // namespace

extern "C" CURFEW_EXPORTED int __libc_start_main(main_function* main, int argc, char** argv, void (*init)(),
                                                 void (*fini)(), void (*loader_fini)(), void* stack_end) {
  program_main = main;
  return next_start.get()(&call_main, argc, argv, init, fini, loader_fini, stack_end);
}
