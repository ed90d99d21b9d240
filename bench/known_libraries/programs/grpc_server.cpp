// SPDX-License-Identifier: Apache-2.0
// A server without Shutdown.
//! library: gRPC, server
//! packages: libgrpc++-dev
//! flags: $(pkg-config --cflags --libs grpc++)
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <thread>

int main() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials());
  const auto server = builder.BuildAndStart().release();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return server == nullptr;
}
