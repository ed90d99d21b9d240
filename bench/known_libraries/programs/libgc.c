// SPDX-License-Identifier: Apache-2.0
//! library: libgc (Boehm's collector)
//! packages: libgc-dev
//! flags: -lgc
// A collector with threads of its own that mark.
#define GC_THREADS
#include <gc.h>
#include <stddef.h>

int main(void) {
  GC_INIT();
  void** list = NULL;
  for (int i = 0; i < 100000; i++) {
    void** next = GC_MALLOC(64);
    *next = list;
    list = next;
  }
  GC_gcollect();
  return list == NULL;
}
