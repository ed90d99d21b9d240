#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real program: node (Debian package nodejs). process.exit(0) while a thread-pool thread is blocked in open() of a FIFO =>
# hangs for ever in uv__threadpool_cleanup: libuv#364, node#17872, node-hid#194, canboatjs#415.
F=/tmp/curfew_fifo.$$; mkfifo $F
(sleep 60; rm -f $F) >/dev/null 2>&1 </dev/null &
exec $PREFIX node -e "require('fs').readFile('$F',()=>{}); setTimeout(()=>{console.log('bye');process.exit(0)},30)"
