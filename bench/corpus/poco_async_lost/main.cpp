// SPDX-License-Identifier: Apache-2.0
// Poco::AsyncChannel: messages queued to its thread when main returns.
#include <Poco/AsyncChannel.h>
#include <Poco/AutoPtr.h>
#include <Poco/Logger.h>
#include <Poco/SimpleFileChannel.h>
int main(int argc, char** argv) {
  Poco::AutoPtr<Poco::SimpleFileChannel> f(new Poco::SimpleFileChannel(argc > 1 ? argv[1] : "/dev/null"));
  Poco::AutoPtr<Poco::AsyncChannel> a(new Poco::AsyncChannel(f));
  Poco::Logger::root().setChannel(a);
  auto& l = Poco::Logger::get("w");
  for (int i = 0; i < 2000; i++) l.information("rec %d", i);
  return 0;
}
