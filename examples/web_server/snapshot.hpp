// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "application.hpp"

#include <string>

/// What the page shows, as JSON.
std::string snapshot(application&);
