// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A function that the program finds in place of the C library's; the .map file names it too.
#define CURFEW_EXPORTED [[gnu::visibility("default")]]
