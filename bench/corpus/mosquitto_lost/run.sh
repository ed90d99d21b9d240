#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mosquitto_lost (lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-30}; T=${T:-15}; ulimit -c 0
export PORT=${PORT:-18831}; mosquitto -p $PORT >/dev/null 2>&1 & B=$!; sleep 0.5; trap "kill $B" EXIT
for v in prog; do
../_tools/measure.py -n $N -t $T --tag mosquitto_lost/$v --wrapped --want 100 "^m[0-9]" -- ./one.sh ./$v
done
