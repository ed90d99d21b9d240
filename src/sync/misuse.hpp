// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/sync/condition.hpp>  // misuse(), which its templates need too

#include <system_error>
