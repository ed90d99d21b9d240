// SPDX-License-Identifier: Apache-2.0
// Nobody stands between main and the C library, as where curfew is linked by hand, or comes with a library: the way
// into the exit is then among main's thread_local objects, inside the C library's exit.
#pragma once

extern "C" {
int __real___libc_start_main(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
int __wrap___libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(), void (*fini)(),
                             void (*loader_fini)(), void* stack_end) {
  return __real___libc_start_main(main, argc, argv, init, fini, loader_fini, stack_end);
}
}
