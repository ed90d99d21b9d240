// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "application.hpp"

#include <httplib.h>

/// `/events`: a snapshot again and again, as server-sent events, until the reader goes away or, at the end of the
/// program, nothing else is left to do.
void serve_events(application&, httplib::Response&);
