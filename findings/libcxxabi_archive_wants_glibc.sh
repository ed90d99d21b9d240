#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Debian's static libc++abi refers to __cxa_thread_atexit_impl by a strong symbol.
#
# Expected: a weak one, as libc++abi's sources declare it, with destructors of thread_local objects registered by a
# pthread key where the C library has no such function. So the archive would link with any C library.
# Seen in libc++abi-19-dev 1:19.1.7-3~deb12u1: nm shows `U`, not `w`, and nothing defines it; glibc does (2.18 and newer),
# musl 1.2.3 does not. A program that never uses thread_local does not link with musl and this archive.
# For whoever brings a C++ program, or curfew (docs/musl.md), to musl: build libc++abi yourself.
set -euo pipefail
packages=(libc++abi-19-dev=1:19.1.7-3~deb12u1 musl-dev=1.2.3-1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download "${packages[@]}" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done

archive=root/usr/lib/llvm-19/lib/libc++abi.a
musl=$(find root -name libc.a)
kind=$(nm "$archive" 2>/dev/null | awk '$NF == "__cxa_thread_atexit_impl" {print $(NF - 1)}' | sort -u)
defined=$(nm --defined-only "$musl" 2>/dev/null | grep -c ' __cxa_thread_atexit_impl$' || true)
echo "libc++abi.a: __cxa_thread_atexit_impl is '$kind'; musl's libc.a defines it $defined times"
[[ $kind == U && $defined == 0 ]]
