// SPDX-License-Identifier: Apache-2.0
// A pool without pthreadpool_destroy.
//! library: pthreadpool
//! packages: libpthreadpool-dev
//! flags: -lpthreadpool
#include <pthreadpool.h>
#include <unistd.h>

static void work(void* data, size_t i) { (void)data, (void)i; }

int main(void) {
  struct pthreadpool* const pool = pthreadpool_create(2);
  pthreadpool_parallelize_1d(pool, work, NULL, 10, 0);
  usleep(50000);
#ifdef ENDED
  pthreadpool_destroy(pool);
#endif
  return pool == NULL;
}
