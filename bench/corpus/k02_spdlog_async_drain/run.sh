#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# k02_spdlog_async_drain (control-lib). usage: ./run.sh [N]   env: PREFIX='curfew run --'  T=timeout  J=parallel
cd "$(dirname "$0")" || exit 1; N=${1:-200}; T=${T:-5}; ulimit -c 0
for v in prog; do
../_tools/measure.py -n $N -t $T --tag k02_spdlog_async_drain/$v --file /tmp/k_{i} --want 2000 rec -- ./$v /tmp/k_{i}
done
