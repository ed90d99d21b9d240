# SPDX-License-Identifier: Apache-2.0
import sys,threading,time,os
sys.path.insert(0,os.path.dirname(os.path.abspath(__file__)))
import gilmod
def f():
    while True: gilmod.work()
for i in range(2): threading.Thread(target=f,daemon=True).start()
time.sleep(0.02)
