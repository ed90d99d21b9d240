// SPDX-License-Identifier: Apache-2.0
// czmq's own beacon actor, without zactor_destroy.
//! library: czmq, actor
//! packages: libczmq-dev
//! flags: -lczmq -lzmq
#include <czmq.h>

int main(void) {
  zactor_t* const monitor = zactor_new(zauth, NULL);
  zclock_sleep(100);
  return monitor == NULL;
}
