// SPDX-License-Identifier: Apache-2.0
// Haivision/srt#3177: child forked after srt_startup() calls exit(); srt's static cleanup joins a GC thread that is not
// in the child.
#include <srt/srt.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
int main() {
  srt_startup();
  SRTSOCKET s = srt_create_socket();
  (void)s;
  pid_t p = fork();
  if (p == 0) exit(0);
  int st = 0;
  waitpid(p, &st, 0);
  srt_cleanup();
  if (WIFSIGNALED(st)) {
    fprintf(stderr, "child died with signal %d\n", WTERMSIG(st));
    return 3;
  }
  return WEXITSTATUS(st);
}
