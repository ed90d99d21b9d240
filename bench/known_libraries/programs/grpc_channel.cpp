// SPDX-License-Identifier: Apache-2.0
// A channel that has tried to connect.
//! library: gRPC, channel
//! packages: libgrpc++-dev
//! flags: $(pkg-config --cflags --libs grpc++)
#include <grpcpp/grpcpp.h>

#include <chrono>

int main() {
  static auto channel = grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
#ifdef ENDED
  channel.reset();
#endif
  return 0;
}
