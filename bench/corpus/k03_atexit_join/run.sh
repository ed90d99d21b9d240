#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# k03_atexit_join (control). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-200}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag k03_atexit_join/$v --file /tmp/k_{i} --want 100 rec -- ./$v /tmp/k_{i}
done
