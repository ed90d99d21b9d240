// SPDX-License-Identifier: Apache-2.0
// static zmq::context_t / unsent message at exit: zmq_ctx_term blocks for ever (zeromq/libzmq#3915,#2330; default
// LINGER=-1).
#include <cstdio>
#include <zmq.hpp>
static zmq::context_t ctx(1);
int main() {
  zmq::socket_t s(ctx, zmq::socket_type::push);
  s.connect("tcp://127.0.0.1:9");
  s.send(zmq::buffer("hello", 5), zmq::send_flags::none);
  puts("main done");
  return 0;
}
