// SPDX-License-Identifier: Apache-2.0
// Work that its pool has done.
//! library: libuv, thread pool
//! packages: libuv1-dev
//! flags: $(pkg-config --cflags --libs libuv)
#include <unistd.h>
#include <uv.h>

static void work(uv_work_t* request) { (void)request; }

int main(void) {
  static uv_work_t request;
  if (uv_queue_work(uv_default_loop(), &request, work, NULL) != 0) return 1;
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  usleep(50000);
  return 0;
}
