// SPDX-License-Identifier: Apache-2.0
// Stands between main and the C library, so that a return from main gets to us before the C library's exit.
// The program's first code calls `__libc_start_main`; the link option --wrap=__libc_start_main, which comes with the
// library (CMake, pkg-config), makes of that the function below. In an object of its own: a program that is linked
// without the option does not get it, and then the exit is entered by main's thread_local objects alone.
#include "exit/return_from_main.hpp"

namespace {

using main_function = int(int, char**, char**);

constinit main_function* program_main = nullptr;

int call_main(int argc, char** argv, char** environment) {
  curfew::detail::main_has_returned(program_main(argc, argv, environment));
}

}  // namespace

extern "C" {
int __real___libc_start_main(main_function*, int, char**, void (*)(), void (*)(), void (*)(), void*);

CURFEW_API int __wrap___libc_start_main(main_function* main, int argc, char** argv, void (*init)(), void (*fini)(),
                                        void (*loader_fini)(), void* stack_end) {
  program_main = main;
  return __real___libc_start_main(&call_main, argc, argv, init, fini, loader_fini, stack_end);
}
}
