// SPDX-License-Identifier: Apache-2.0
// Tasks on threads that are used again: `thread_pool`, and `recycle`. (`curfew/pool/asio.hpp`, which makes a pool an
// executor for Asio, needs Asio and is not included here.)
#pragma once

#include <curfew/pool/recycle.hpp>
#include <curfew/pool/thread_pool.hpp>
