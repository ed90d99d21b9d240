// SPDX-License-Identifier: Apache-2.0
#include "journal.hpp"

#include <sqlite3.h>

#include <stdexcept>

journal::journal(const std::filesystem::path& file, int most_pages) {
  if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw std::runtime_error(file.string() + ": " + why);
  }
  sqlite3_busy_timeout(database_, 5000);
  run("PRAGMA journal_mode = WAL");
  // In WAL mode a commit reaches the disk only with FULL: "acknowledged" is to mean that it has.
  run("PRAGMA synchronous = FULL");
  if (most_pages > 0) run(("PRAGMA max_page_count = " + std::to_string(most_pages)).c_str());
  run("CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  if (sqlite3_prepare_v2(database_, "INSERT INTO entries (text) VALUES (?)", -1, &insert_, nullptr) != SQLITE_OK)
    fail();
}

journal::~journal() {
  sqlite3_finalize(insert_);
  sqlite3_close(database_);
}

std::int64_t journal::append(std::span<const std::string> entries) {
  const std::lock_guard lock(mutex_);
  run("BEGIN IMMEDIATE");
  try {
    for (const std::string& entry : entries) {
      sqlite3_bind_text(insert_, 1, entry.data(), static_cast<int>(entry.size()), SQLITE_STATIC);
      const int result = sqlite3_step(insert_);
      sqlite3_reset(insert_);
      if (result != SQLITE_DONE) fail();
    }
    run("COMMIT");
  } catch (...) {
    // SQLite may have rolled back itself; a second time does nothing.
    if (sqlite3_get_autocommit(database_) == 0) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  return sqlite3_last_insert_rowid(database_) - static_cast<std::int64_t>(entries.size()) + 1;
}

std::int64_t journal::size() {
  const std::lock_guard lock(mutex_);
  sqlite3_stmt* count = nullptr;
  if (sqlite3_prepare_v2(database_, "SELECT count(*) FROM entries", -1, &count, nullptr) != SQLITE_OK) fail();
  const std::int64_t rows = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int64(count, 0) : -1;
  sqlite3_finalize(count);
  return rows;
}

void journal::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void journal::fail() { throw std::runtime_error(std::string("journal: ") + sqlite3_errmsg(database_)); }
