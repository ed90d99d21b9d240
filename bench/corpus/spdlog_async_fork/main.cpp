// SPDX-License-Identifier: Apache-2.0
// spdlog async logger + fork(): the child calls exit(); ~thread_pool posts "terminate" to a pool whose thread does not
// exist in the child and joins it (same shape as openSUSE/libzypp#757, Haivision/srt#3177, libuv#4443).
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
int main(int argc, char** argv) {
  auto lg = spdlog::basic_logger_mt<spdlog::async_factory>("app", argc > 1 ? argv[1] : "/dev/null");
  spdlog::set_default_logger(lg);
  spdlog::info("parent");
  lg->flush();
  pid_t p = fork();
  if (p == 0) exit(0);  // e.g. a daemonising or worker-fork helper that returns from main
  int st = 0;
  waitpid(p, &st, 0);
  if (WIFSIGNALED(st)) {
    fprintf(stderr, "child died with signal %d\n", WTERMSIG(st));
    return 3;
  }
  return WEXITSTATUS(st);
}
