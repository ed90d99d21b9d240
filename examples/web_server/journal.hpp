// SPDX-License-Identifier: Apache-2.0
// The entries, on disk. What append() has returned from is there after a crash, and after a power cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

class journal {
 public:
  /// Errors: std::runtime_error, in SQLite's words. `most_pages`: how large the file may become, in pages of 4 KiB;
  /// 0: as large as the disk lets it.
  explicit journal(const std::filesystem::path& file, int most_pages = 0);
  ~journal();
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// All of them or, if it throws, none: one transaction. Returns the number of the first.
  std::int64_t append(std::span<const std::string> entries);
  [[nodiscard]] std::int64_t size();

 private:
  void run(const char* sql);
  [[noreturn]] void fail();

  std::mutex mutex_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};
