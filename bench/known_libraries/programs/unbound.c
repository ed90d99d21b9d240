// SPDX-License-Identifier: Apache-2.0
// A resolver with a thread, without ub_ctx_delete.
//! library: libunbound
//! packages: libunbound-dev
//! flags: $(pkg-config --cflags --libs libunbound)
#include <unbound.h>
#include <unistd.h>

static void resolved(void* data, int error, struct ub_result* result) { (void)data, (void)error, (void)result; }

int main(void) {
  struct ub_ctx* const resolver = ub_ctx_create();
  if (ub_ctx_async(resolver, 1) != 0) return 1;
  if (ub_resolve_async(resolver, "localhost", 1, 1, NULL, resolved, NULL) != 0) return 2;
  usleep(50000);
#ifdef ENDED
  ub_ctx_delete(resolver);
#endif
  return 0;
}
