#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c19_lost_work (canon). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-100}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag c19_lost_work/$v --file /tmp/c19_{i} --want 500 "^rec" -- ./$v /tmp/c19_{i}
done
