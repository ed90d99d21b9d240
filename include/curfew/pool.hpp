// SPDX-License-Identifier: Apache-2.0
// Tasks on threads that are used again: `thread_pool`, and `recycle`. (`curfew/pool/asio.hpp`, which makes a pool an
// executor of Asio's, needs Asio and is not in here.)
#pragma once

#include <curfew/pool/recycle.hpp>
#include <curfew/pool/thread_pool.hpp>
