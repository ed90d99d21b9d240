// SPDX-License-Identifier: Apache-2.0
// CONTROL: spdlog async default pool: registry destructor drains the queue and joins its thread during exit(). Must
// still write all.
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
int main(int c, char** v) {
  auto lg = spdlog::basic_logger_mt<spdlog::async_factory>("app", c > 1 ? v[1] : "/dev/null");
  for (int i = 0; i < 2000; i++) lg->info("rec {}", i);
  return 0;
}
