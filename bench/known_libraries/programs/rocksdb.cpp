// SPDX-License-Identifier: Apache-2.0
// A database that has not been closed.
//! library: RocksDB
//! packages: librocksdb-dev
//! flags: -lrocksdb
#include <rocksdb/db.h>

#include <chrono>
#include <thread>

int main() {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  if (!rocksdb::DB::Open(options, "database", &db).ok()) return 1;
  db->Put(rocksdb::WriteOptions(), "k", "v");
  db->Flush(rocksdb::FlushOptions());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return 0;
}
