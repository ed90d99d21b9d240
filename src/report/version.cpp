// SPDX-License-Identifier: Apache-2.0
#include <curfew/version.hpp>

namespace curfew {
inline namespace v1 {

const char* library_version() noexcept { return CURFEW_VERSION_STRING; }

}  // namespace v1
}  // namespace curfew
