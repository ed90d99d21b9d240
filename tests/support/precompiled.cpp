// SPDX-License-Identifier: Apache-2.0
// Nothing: what the tests include together is compiled beside this file.
