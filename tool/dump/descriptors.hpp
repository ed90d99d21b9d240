// SPDX-License-Identifier: Apache-2.0
// What a descriptor of another process is.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace curfew::tool::dump {

/// A path, "pipe:[123]", "TCP 127.0.0.1:8080, listening", "TCP 127.0.0.1:8080 from 127.0.0.1:5000"; empty: it is
/// closed, or we may not know.
std::string describe_descriptor(pid_t, int number);
/// Which descriptors an epoll descriptor waits for.
std::vector<int> descriptors_of_epoll(pid_t, int number);

}  // namespace curfew::tool::dump
