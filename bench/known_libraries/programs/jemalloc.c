// SPDX-License-Identifier: Apache-2.0
// The allocator's own threads.
//! library: jemalloc, background_thread
//! packages: libjemalloc-dev
//! flags: -ljemalloc
#include <jemalloc/jemalloc.h>
#include <stdbool.h>
#include <unistd.h>

int main(void) {
  bool on = true;
  if (mallctl("background_thread", NULL, NULL, &on, sizeof on) != 0) return 1;
  void* const block = malloc(1 << 20);
  free(block);
  usleep(50000);
  return 0;
}
