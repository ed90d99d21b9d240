// SPDX-License-Identifier: Apache-2.0
// A database that has not been closed.
//! library: LevelDB
//! packages: libleveldb-dev
//! flags: -lleveldb
#include <leveldb/db.h>

int main() {
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* db = nullptr;
  if (!leveldb::DB::Open(options, "database", &db).ok()) return 1;
  db->Put(leveldb::WriteOptions(), "k", "v");
  db->CompactRange(nullptr, nullptr);
#ifdef ENDED
  delete db;
#endif
  return 0;
}
