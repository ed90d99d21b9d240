#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# k01_static_jthread_drain (control). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-200}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag k01_static_jthread_drain/$v --file /tmp/k_{i} --want 101 rec -- ./$v /tmp/k_{i}
done
