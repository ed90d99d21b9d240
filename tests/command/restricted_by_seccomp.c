// SPDX-License-Identifier: Apache-2.0
// A process that a system call for a thread, a timer or a handler would kill, by itself or from its start, ends as it
// does without the command.
//! status: 5
//! out: restricted
//! case: by prctl
//! under: run
//! args: prctl
//! case: by syscall
//! under: run
//! args: syscall
//! case: by prctl, after a thread
//! under: run
//! args: prctl thread
//! case: by syscall, after a thread
//! under: run
//! args: syscall thread
//! case: from the start
//! under: run --children
//! args: start
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void handler(void) { puts("restricted"); }

static void* nothing(void* argument) { return argument; }

int main(int argc, char** argv) {
  if (argc < 2) return 1;
  atexit(handler);
  if (strcmp(argv[1], "started") == 0) return 5;
  if (argc > 2) {
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
  }
  struct sock_filter kill_on[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_timer_create, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigaction, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  const struct sock_fprog program = {sizeof kill_on / sizeof *kill_on, kill_on};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const long error = strcmp(argv[1], "syscall") == 0 ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)
                                                     : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  if (error != 0) {
    puts("skipped: no seccomp here");
    fflush(stdout);
    _exit(77);
  }
  if (strcmp(argv[1], "start") == 0) execl(argv[0], argv[0], "started", NULL);
  return 5;
}
