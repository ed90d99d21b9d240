// SPDX-License-Identifier: Apache-2.0
// gRPC: Server::Wait on a thread. The hook shuts the server down; by hand, each way out of main has to do it.
//! case: before
//! args: before
//! out: server: shut down
//! case: after
//! args: after
//! out: server: shut down
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>

// No service of its own: what matters here is how the server ends.
static grpc::AsyncGenericService service;
static std::unique_ptr<grpc::ServerCompletionQueue> queue;

static std::unique_ptr<grpc::Server> start() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  queue = builder.AddCompletionQueue();
  return builder.BuildAndStart();
}

static void drain() {
  queue->Shutdown();
  bool ok = false;
  for (void* tag = nullptr; queue->Next(&tag, &ok);) {
  }
}

namespace before {
static int run() {
  const auto server = start();
  std::thread waiter([&] { server->Wait(); });
  server->Shutdown();  // on every way out of main, or the program hangs or terminates
  waiter.join();
  drain();
  std::puts("server: shut down");
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  static const auto server = start();
  curfew::before_wait("shut the server down", [] {
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
    drain();
  });
  curfew::thread({.name = "server"}, [] {
    server->Wait();
    std::puts("server: shut down");
  });
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }
