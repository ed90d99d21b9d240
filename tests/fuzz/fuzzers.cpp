// SPDX-License-Identifier: Apache-2.0
// libFuzzer's side. CURFEW_FUZZ_TARGET names the target.
#include "harness.hpp"

#include <cstdio>
#include <cstdlib>

namespace {

fuzz::target chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const name = std::getenv("CURFEW_FUZZ_TARGET");
  const auto found = fuzz::targets().find(name != nullptr ? name : "");
  if (found == fuzz::targets().end()) {
    std::fprintf(stderr, "CURFEW_FUZZ_TARGET has to name one of:");
    for (const auto& [known, run] : fuzz::targets()) std::fprintf(stderr, " %s", std::string(known).c_str());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }
  chosen = found->second;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen({reinterpret_cast<const char*>(data), size});
  return 0;
}
