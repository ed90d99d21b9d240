// SPDX-License-Identifier: Apache-2.0
// Judges what rocksdb_detached left: each database that was made opens, and every value in it is whole. Status 0:
// clean.
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace {

bool is_clean(const std::string& path) {
  rocksdb::Options options;
  options.paranoid_checks = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status open = rocksdb::DB::Open(options, path, &opened);
  if (!open.ok()) {
    std::printf("does not open: %s\n", open.ToString().c_str());
    return false;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::Iterator> entry(db->NewIterator(rocksdb::ReadOptions()));
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    if (entry->value().ToString() != std::string(500, 'x')) {
      std::printf("damaged value at %s\n", entry->key().ToString().c_str());
      return false;
    }
  }
  if (!entry->status().ok()) std::printf("cannot be read: %s\n", entry->status().ToString().c_str());
  return entry->status().ok();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  for (const char* name : {"/db0", "/db1"}) {
    const std::string path = argv[1] + std::string(name);
    // CURRENT comes last in the making of a database; without it there is none yet.
    if (std::filesystem::exists(path + "/CURRENT") && !is_clean(path)) return 1;
  }
}
