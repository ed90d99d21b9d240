// SPDX-License-Identifier: Apache-2.0
// The limit of what a command costs that starts another program: exec_alone LIBRARY PROGRAM... does that and nothing
// else, with LIBRARY preloaded into it, unless that is empty. Linked statically; it contains nothing of curfew's.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: exec_alone LIBRARY PROGRAM...\n", stderr), 2;
  if (argv[1][0] != '\0') ::setenv("LD_PRELOAD", argv[1], 1);
  ::execv(argv[2], argv + 2);
  std::perror(argv[2]);
  return 127;
}
