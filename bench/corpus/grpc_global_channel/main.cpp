// SPDX-License-Identifier: Apache-2.0
// grpc/grpc#30151, #15973, #31045: a global shared_ptr<Channel> + calls in flight at exit (generic async stub; no
// .proto needed).
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <chrono>
#include <string>
#include <thread>
static std::shared_ptr<grpc::Channel> g_ch;
int main() {
  g_ch = grpc::CreateChannel("127.0.0.1:9", grpc::InsecureChannelCredentials());
  for (int t = 0; t < 2; t++)
    std::thread([] {
      grpc::CompletionQueue cq;
      grpc::GenericStub stub(g_ch);
      for (long i = 0;; ++i) {
        grpc::ClientContext ctx;
        ctx.set_wait_for_ready(false);
        ctx.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(2));
        grpc::ByteBuffer rq, rs;
        grpc::Status st;
        auto r = stub.PrepareUnaryCall(&ctx, "/a/b", rq, &cq);
        r->StartCall();
        r->Finish(&rs, &st, (void*)1);
        void* tag;
        bool ok;
        cq.Next(&tag, &ok);
      }
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  return 0;
}
