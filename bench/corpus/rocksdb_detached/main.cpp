// SPDX-License-Identifier: Apache-2.0
// facebook/rocksdb#11374 / rust-rocksdb#767: a thread still owns/uses an open DB while main returns (statics of
// librocksdb destroyed).
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
int main(int argc, char** argv) {
  std::string path = argc > 1 ? argv[1] : "/tmp/rdb";
  for (int t = 0; t < 2; t++)
    std::thread([path, t] {
      for (long k = 0;; ++k) {
        rocksdb::DB* db = nullptr;
        rocksdb::Options o;
        o.create_if_missing = true;
        o.write_buffer_size = 64 << 10;
        auto s = rocksdb::DB::Open(o, path + std::to_string(t), &db);
        if (!s.ok()) continue;
        for (int i = 0; i < 200; i++) db->Put(rocksdb::WriteOptions(), std::to_string(i), std::string(500, 'x'));
        delete db;
      }
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  return 0;
}
