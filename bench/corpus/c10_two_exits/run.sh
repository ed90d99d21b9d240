#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c10_two_exits (canon). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-300}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag c10_two_exits/$v --file /tmp/c10_{i} --want 200 "^rec" -- ./$v /tmp/c10_{i}
done
