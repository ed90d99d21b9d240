// SPDX-License-Identifier: Apache-2.0
// A socket with a message to send, without zmq_close and zmq_ctx_term.
//! library: ZeroMQ
//! packages: libzmq3-dev
//! flags: -lzmq
#include <unistd.h>
#include <zmq.h>

int main(void) {
  void* const context = zmq_ctx_new();
  void* const socket = zmq_socket(context, ZMQ_PUSH);
  if (zmq_connect(socket, "tcp://127.0.0.1:1") != 0) return 1;
  zmq_send(socket, "x", 1, ZMQ_DONTWAIT);
  usleep(100000);
#ifdef ENDED
  const int none = 0;
  zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
  zmq_close(socket);
  zmq_ctx_term(context);
#endif
  return 0;
}
