// SPDX-License-Identifier: Apache-2.0
// A session without zookeeper_close.
//! library: ZooKeeper C client
//! packages: libzookeeper-mt-dev
//! flags: -lzookeeper_mt
#define THREADED
#include <unistd.h>
#include <zookeeper/zookeeper.h>

int main(void) {
  zoo_set_debug_level((ZooLogLevel)0);
  zhandle_t* const session = zookeeper_init("127.0.0.1:1", NULL, 10000, NULL, NULL, 0);
  usleep(100000);
#ifdef ENDED
  zookeeper_close(session);
#endif
  return session == NULL;
}
