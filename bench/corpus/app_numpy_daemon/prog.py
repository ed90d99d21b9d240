# SPDX-License-Identifier: Apache-2.0
# python3-numpy (Debian, OpenBLAS pthread): daemon thread in a matmul when the interpreter exits (OpenBLAS blas_shutdown joins its pool)
import numpy as np,threading,time
a=np.ones((400,400))
def f():
    while True: a@a
for i in range(2): threading.Thread(target=f,daemon=True).start()
time.sleep(0.05)
