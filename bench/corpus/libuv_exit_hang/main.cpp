// SPDX-License-Identifier: Apache-2.0
// libuv/libuv#364 ("Delayed process exit when dns query is in progress"): uv_library_shutdown() is a destructor that
// joins the threadpool, so exit() waits for whatever a pool thread is doing (here: a 30 s blocking job).
#include <unistd.h>
#include <uv.h>
#include <cstdio>
#include <cstdlib>
int main() {
  uv_work_t w;
  uv_queue_work(
      uv_default_loop(), &w, [](uv_work_t*) { sleep(30); }, [](uv_work_t*, int) {});
  uv_timer_t t;
  uv_timer_init(uv_default_loop(), &t);
  uv_timer_start(
      &t,
      [](uv_timer_t*) {
        puts("exit");
        fflush(stdout);
        exit(0);
      },
      20, 0);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
