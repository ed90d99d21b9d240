// SPDX-License-Identifier: Apache-2.0
// A server with threads of its own, without Shutdown.
//! library: gRPC, server
//! packages: libgrpc++-dev
//! flags: $(pkg-config --cflags --libs grpc++)
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/method_handler.h>

#include <chrono>
#include <thread>

namespace {
struct nothing : grpc::Service {
  nothing() {
    AddMethod(new grpc::internal::RpcServiceMethod("/nothing/do", grpc::internal::RpcMethod::NORMAL_RPC,
                                                   new grpc::internal::UnknownMethodHandler("nothing")));
  }
} service;
}  // namespace

int main() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart().release();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
#ifdef ENDED
  server->Shutdown();
  delete server;
#endif
  return server == nullptr;
}
