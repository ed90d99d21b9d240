// SPDX-License-Identifier: Apache-2.0
// A task that its pool has done.
//! library: C++ REST SDK
//! packages: libcpprest-dev libssl-dev
//! flags: -lcpprest -lcrypto -lboost_system -pthread
#include <pplx/pplxtasks.h>

int main() {
  return pplx::create_task([] { return 0; }).get();
}
