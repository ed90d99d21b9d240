// SPDX-License-Identifier: Apache-2.0
// libuv/libuv#4443: child forked from a process that used the libuv threadpool calls exit() => join of a thread that
// does not exist => abort() or hang.
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>
#include <cstdio>
#include <cstdlib>
int main() {
  uv_work_t w;
  uv_queue_work(
      uv_default_loop(), &w, [](uv_work_t*) {}, [](uv_work_t*, int) {});
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  pid_t p = fork();
  if (p == 0) exit(0);
  int st = 0;
  waitpid(p, &st, 0);
  if (WIFSIGNALED(st)) {
    fprintf(stderr, "child died with signal %d\n", WTERMSIG(st));
    return 3;
  }
  return WEXITSTATUS(st);
}
