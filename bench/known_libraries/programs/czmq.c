// SPDX-License-Identifier: Apache-2.0
// A socket that has not been destroyed.
//! library: czmq
//! packages: libczmq-dev
//! flags: -lczmq -lzmq
#include <czmq.h>

int main(void) {
  zsock_t* const socket = zsock_new_pub("tcp://127.0.0.1:*");
  zclock_sleep(100);
  return socket == NULL;
}
