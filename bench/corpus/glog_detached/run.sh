#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# glog_detached (control-lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-100}; T=${T:-5}; ulimit -c 0
for v in prog prog_cache; do
../_tools/measure.py -n $N -t $T --tag glog_detached/$v  -- ./$v
done
