// SPDX-License-Identifier: Apache-2.0
// A service and its manager: what systemd is told, what Kubernetes asks, and how the requests in flight are drained.
#pragma once

#include <curfew/service/listener.hpp>
#include <curfew/service/notifier.hpp>
#include <curfew/service/readiness.hpp>
#include <curfew/service/watched_thread.hpp>
