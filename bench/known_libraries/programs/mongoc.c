// SPDX-License-Identifier: Apache-2.0
// A pool of clients without mongoc_client_pool_destroy.
//! library: MongoDB C driver
//! packages: libmongoc-dev
//! flags: $(pkg-config --cflags --libs libmongoc-1.0)
#include <mongoc/mongoc.h>
#include <unistd.h>

int main(void) {
  mongoc_init();
  mongoc_client_pool_t* const pool = mongoc_client_pool_new(mongoc_uri_new("mongodb://127.0.0.1:1"));
  mongoc_client_t* const client = mongoc_client_pool_pop(pool);
  usleep(100000);
#ifdef ENDED
  mongoc_client_pool_push(pool, client);
  mongoc_client_pool_destroy(pool);
#endif
  return client == NULL;
}
