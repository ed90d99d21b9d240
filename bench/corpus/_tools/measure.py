#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run a program N times and classify how each run ended.

  measure.py [options] -- CMD ARGS...
  -n N            runs (default 200)
  -t SECS         timeout => HANG (default 10)
  -j J            parallel runs (default 1)
  --rc R          expected exit status (default 0)
  --preload LIB   LD_PRELOAD for the program only
  --env K=V       extra environment
  --file F        F is the program's data file; '{i}' = run number. Removed before every run.
  --want K RE     at least K lines matching RE must be in data file (or stdout if no --file); else LOST
  --last RE       last line of stdout must match RE, else LATE (output after the end marker)
  --forbid RE     a line of stdout/stderr matching RE => BAD (e.g. 'READ-AFTER-DESTROY')
  --stdin-less    stdin is /dev/null always
'{i}' in CMD/ARGS is replaced by the run number.
Prints one summary line + JSON (last line)."""
import shlex,argparse,subprocess,sys,os,signal,re,time,json,collections,concurrent.futures as cf
ap=argparse.ArgumentParser(description=__doc__,formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument('-n',type=int,default=int(os.environ.get('N','200')))
ap.add_argument('-t',type=float,default=float(os.environ.get('T','10')))
ap.add_argument('-j',type=int,default=int(os.environ.get('J','1')))
ap.add_argument('--rc',type=int,default=0)
ap.add_argument('--preload',default=os.environ.get('PRELOAD',''))
ap.add_argument('--env',action='append',default=[])
ap.add_argument('--wrapped',action='store_true',help='CMD is a wrapper script that puts $PREFIX before the program itself')
ap.add_argument('--file')
ap.add_argument('--want',nargs=2)
ap.add_argument('--last')
ap.add_argument('--forbid')
ap.add_argument('--tag',default='')
ap.add_argument('--show',type=int,default=0,help='show stderr of first K bad runs')
ap.add_argument('cmd',nargs=argparse.REMAINDER)
a=ap.parse_args()
cmd=a.cmd[1:] if a.cmd and a.cmd[0]=='--' else a.cmd
prefix=shlex.split(os.environ.get('PREFIX',''))  # e.g. PREFIX='curfew run --'
if not a.wrapped: cmd=prefix+cmd
def one(i):
    c=[x.replace('{i}',str(i)) for x in cmd]
    f=a.file.replace('{i}',str(i)) if a.file else None
    if f and os.path.exists(f): os.unlink(f)
    env=dict(os.environ); env.pop('PRELOAD',None)
    if not a.wrapped: env.pop('PREFIX',None)
    for kv in a.env:
        k,v=kv.split('=',1); env[k]=v.replace('{i}',str(i))
    if a.preload: env['CASE_PRELOAD' if a.wrapped else 'LD_PRELOAD']=a.preload
    t0=time.time()
    p=subprocess.Popen(c,stdin=subprocess.DEVNULL,stdout=subprocess.PIPE,stderr=subprocess.PIPE,env=env,start_new_session=True)
    try:
        out,err=p.communicate(timeout=a.t); rc=p.returncode; hang=False
    except subprocess.TimeoutExpired:
        hang=True
        try: os.killpg(p.pid,signal.SIGKILL)
        except ProcessLookupError: pass
        out,err=p.communicate(); rc=None
    dt=time.time()-t0
    out=out.decode('latin1'); err=err.decode('latin1')
    kinds=[]; detail=''
    if hang: kinds.append('hang')
    elif rc<0:
        kinds.append('crash'); detail=signal.Signals(-rc).name
    elif rc!=a.rc: kinds.append('badrc'); detail='rc=%d'%rc
    lost=0
    if a.want:
        k,rx=int(a.want[0]),re.compile(a.want[1])
        try: txt=open(f,encoding='latin1').read() if f else out
        except FileNotFoundError: txt=''
        got=sum(1 for l in txt.splitlines() if rx.search(l))
        if got<k: kinds.append('lost'); lost=k-got
    if a.last:
        ls=[l for l in out.splitlines() if l.strip()]
        if not ls or not re.search(a.last,ls[-1]): kinds.append('late')
    if a.forbid and (re.search(a.forbid,out,re.M) or re.search(a.forbid,err,re.M)): kinds.append('bad')
    if f and os.path.exists(f): os.unlink(f)
    return i,kinds,detail,lost,dt,out,err
cnt=collections.Counter(); det=collections.Counter(); lostn=0; dts=[]; shown=0; lostmax=0; worst=collections.Counter()
with cf.ThreadPoolExecutor(a.j) as ex:
    for i,kinds,detail,lost,dt,out,err in ex.map(one,range(a.n)):
        if not kinds: cnt['ok']+=1
        else: worst['bad_runs']+=1
        for k in kinds: cnt[k]+=1
        if detail: det[detail]+=1
        lostn+=lost; lostmax=max(lostmax,lost); dts.append(dt)
        if kinds and shown<a.show:
            shown+=1; print('--- run',i,kinds,detail,'\nstdout:',out[-600:],'\nstderr:',err[-900:],file=sys.stderr)
dts.sort()
r=dict(tag=a.tag,n=a.n,ok=cnt['ok'],crash=cnt['crash'],hang=cnt['hang'],badrc=cnt['badrc'],lost=cnt['lost'],late=cnt['late'],bad=cnt['bad'],
  failed=worst['bad_runs'],fail_rate=round(worst['bad_runs']/a.n,4),detail=dict(det),lost_lines_total=lostn,lost_lines_max=lostmax,
  t_med_ms=round(dts[len(dts)//2]*1e3,1),t_p95_ms=round(dts[min(len(dts)-1,int(len(dts)*.95))]*1e3,1),t_max_ms=round(dts[-1]*1e3,1))
print('%-34s n=%d ok=%d crash=%d hang=%d badrc=%d lost=%d late=%d bad=%d  fail=%.1f%%  %s  median %.0f ms p95 %.0f max %.0f%s'%(a.tag,a.n,r['ok'],r['crash'],r['hang'],r['badrc'],r['lost'],r['late'],r['bad'],100*r['fail_rate'],dict(det),r['t_med_ms'],r['t_p95_ms'],r['t_max_ms'],('  lost lines: total %d max %d'%(lostn,lostmax)) if a.want else ''))
try:
    print(json.dumps(r)); sys.stdout.flush()
except BrokenPipeError: pass
