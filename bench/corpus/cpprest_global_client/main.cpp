// SPDX-License-Identifier: Apache-2.0
// microsoft/cpprestsdk#540 (reporter's program, made local): a global object owns an http_client that is deleted after
// the static thread pool has gone.
#include <cpprest/http_client.h>
using namespace web::http;
using namespace web::http::client;
struct A {
  ~A() { delete p; }
  http_client* p = nullptr;
} a;
int main() {
  a.p = new http_client(U("http://127.0.0.1:9/"));
  http_client client = *a.p;
  auto t = client.request(methods::POST);
  return 0;
}
