// SPDX-License-Identifier: Apache-2.0
// Two background threads open, fill and close a RocksDB database each while librocksdb's statics are destroyed. Its own
// threads are joined by one of their destructors, and so must run on.
// Reported as facebook/rocksdb#11374, rust-rocksdb/rust-rocksdb#767.
#include "background.hpp"
#include "witness.hpp"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const std::string directory = witness::begin(argc, argv);
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([path = directory + "db" + std::to_string(t), t] {
      for (;;) {
        rocksdb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = 64 << 10;
        rocksdb::DB* opened = nullptr;
        if (!rocksdb::DB::Open(options, path, &opened).ok()) continue;
        const std::unique_ptr<rocksdb::DB> db(opened);
        for (int i = 0; i < 200; ++i) {
          db->Put(rocksdb::WriteOptions(), std::to_string(i), std::string(500, 'x'));
          witness::step(t);
        }
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  witness::main_returns();
}
