#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# one run: a subscriber counts what arrives (needs a broker on $PORT, run.sh starts it)
O=$(mktemp); mosquitto_sub -p $PORT -t t -C 100 -W 2 > $O 2>/dev/null & S=$!; sleep 0.2
$PREFIX "$1" 100 $PORT; rc=$?; wait $S; cat $O; rm -f $O; exit $rc
