# SPDX-License-Identifier: Apache-2.0
"""Tools: one command each, which uses several threads where the tool has an option for that."""
import hashlib
import http.server
import random
import re
import threading

from processes import output, program


def data(at, size=2_000_000):
    """A file that neither compresses to nothing nor not at all."""
    line = b"".join(b"%d %x\n" % (i * i, i * 7919) for i in range(20000))
    (at / "data").write_bytes((line * (size // len(line) + 1))[:size])
    return "data"


def sums(at, *names):
    return [hashlib.md5((at / name).read_bytes()).hexdigest() if (at / name).exists() else None for name in names]


def compressed(prefix, at, result, *words):
    return [output([*prefix, *words, data(at)], at, True), sums(at, result)]


@program("xz-utils", "xz")
def xz(prefix, at):
    return compressed(prefix, at, "data.xz", "xz", "-T4", "-1", "--block-size=500KiB", "-k")


@program("zstd", "zstd")
def zstd(prefix, at):
    return compressed(prefix, at, "data.zst", "zstd", "-q", "-T4", "-B512KiB")


@program("pigz", "pigz")
def pigz(prefix, at):
    return compressed(prefix, at, "data.gz", "pigz", "-p", "4", "-n", "-k")


@program("pbzip2", "pbzip2")
def pbzip2(prefix, at):
    return compressed(prefix, at, "data.bz2", "pbzip2", "-p4", "-b2", "-k")


@program("lbzip2", "lbzip2")
def lbzip2(prefix, at):
    return compressed(prefix, at, "data.bz2", "lbzip2", "-n4", "-k")


@program("plzip", "plzip")
def plzip(prefix, at):
    return compressed(prefix, at, "data.lz", "plzip", "-n4", "-B512KiB", "-k")


@program("pixz", "pixz")
def pixz(prefix, at):
    return output([*prefix, "pixz", "-t", "-p4", "-1", data(at), "data.xz"], at, True)[0]


@program("git", "git")
def git_grep(prefix, at):
    output(["git", "init", "-q", "."], at)
    for i in range(200):
        (at / f"f{i}").write_text(f"{i}\n" * 50)
    output(["git", "add", "."], at)
    return output([*prefix, "git", "grep", "-c", "--threads=4", "7"], at, True)


@program("git", "git")
def git_repack(prefix, at):
    output(["git", "init", "-q", "."], at)
    for i in range(200):
        (at / f"f{i}").write_text(f"{i}\n" * 500)
    output(["git", "add", "."], at)
    environment = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
                   for what, text in (("NAME", "a"), ("EMAIL", "a@b"), ("DATE", "2020-01-01T00:00:00Z"))}
    output(["git", "commit", "-qm", "one"], at, env=environment)
    (at / "names").write_text(output(["git", "rev-list", "--objects", "HEAD"], at)[1])
    with (at / "names").open("rb") as names:
        return output([*prefix, "git", "pack-objects", "-q", "--threads=4", "pack"], at, True, stdin=names)


@program("ffmpeg", "ffmpeg")
def ffmpeg(prefix, at):
    return output([*prefix, "ffmpeg", "-v", "error", "-threads", "4", "-f", "lavfi", "-i",
                   "testsrc=duration=1:size=320x240:rate=25", "-c:v", "mpeg4", "-threads", "4", "-f", "md5", "-"], at, True)


@program("x265", "x265")
def x265(prefix, at):
    (at / "in.yuv").write_bytes(bytes(i * 31 % 251 for i in range(160 * 120 * 3 // 2)) * 6)
    return [output([*prefix, "x265", "--input-res", "160x120", "--fps", "25", "--log-level", "none", "--preset", "ultrafast", "--pools", "4",
                    "in.yuv", "-o", "out.hevc"], at)[0], sums(at, "out.hevc")]


@program("x264", "x264")
def x264(prefix, at):
    (at / "in.yuv").write_bytes(bytes(i * 31 % 251 for i in range(160 * 120 * 3 // 2)) * 20)
    return [output([*prefix, "x264", "--input-res", "160x120", "--fps", "25", "--quiet", "--preset", "fast", "--threads", "4", "in.yuv", "-o", "out.264"],
                   at)[0], sums(at, "out.264")]


@program("mpv", "mpv")
def mpv(prefix, at):
    output(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=1:size=160x120:rate=10", "-c:v", "mpeg4", "in.avi"], at)
    return output([*prefix, "mpv", "--no-config", "--really-quiet", "--vo=null", "--ao=null", "--untimed", "in.avi"], at, True)


@program("sox", "sox")
def sox(prefix, at):
    return [output([*prefix, "sox", "--multi-threaded", "-n", "-r", "8000", "-b", "16", "-c", "2", "-R", "out.wav", "synth", "1", "sine", "440", "rate", "16000"],
                   at, True), sums(at, "out.wav")]


@program("imagemagick", "/usr/bin/convert")
def convert(prefix, at):
    return [output([*prefix, "/usr/bin/convert", "-size", "300x300", "gradient:red-blue", "-blur", "0x3", "-resize", "100x100", "-depth", "8",
                    "out.ppm"], at, True), sums(at, "out.ppm")]


@program("graphicsmagick", "gm")
def graphicsmagick(prefix, at):
    return [output([*prefix, "gm", "convert", "-size", "300x300", "gradient:red-blue", "-blur", "0x3", "-depth", "8", "out.ppm"], at, True),
            sums(at, "out.ppm")]


@program("libvips-tools", "vips")
def vips(prefix, at):
    return [output([*prefix, "vips", "gaussnoise", "out.v", "500", "500", "--seed", "7"], at, True)[0],
            output([*prefix, "vips", "black", "black.v", "500", "500"], at, True), sums(at, "black.v")]


@program("gstreamer1.0-tools", "gst-launch-1.0")
def gst_launch(prefix, at):
    result = output([*prefix, "gst-launch-1.0", "-q", "fakesrc", "num-buffers=50", "sizetype=2", "!", "queue", "!", "fakesink"], at, True)
    return result[:2]


@program("gdb", "gdb")
def gdb(prefix, at):
    return output([*prefix, "gdb", "-nx", "-q", "-batch", "-ex", "set confirm off", "-ex", "file /usr/bin/gdb", "-ex", "print 6*7"], at)[:2]


@program("qpdf", "qpdf")
def qpdf(prefix, at):
    return [output([*prefix, "qpdf", "--empty", "--deterministic-id", "--linearize", "out.pdf"], at, True), sums(at, "out.pdf")]


@program("sqlite3", "sqlite3")
def sqlite3(prefix, at):
    words = "create table t(a,b); with recursive c(x) as (select 1 union all select x+1 from c where x<20000) " \
            "insert into t select x, hex(x) from c; pragma threads=4; create index i on t(b); select count(*), max(b) from t;"
    return output([*prefix, "sqlite3", "base.db", words], at, True)


@program("rsync", "rsync")
def rsync(prefix, at):
    (at / "from").mkdir()
    for i in range(50):
        (at / "from" / f"f{i}").write_text(f"{i}\n" * 50)
    return [output([*prefix, "rsync", "-a", "from/", "to/"], at, True), len(list((at / "to").iterdir()))]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def served(at, use):
    """What `use(port)` gives while the folder is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *words: Quiet(*words, directory=str(at)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return use(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@program("aria2", "aria2c")
def aria2c(prefix, at):
    data(at, 300_000)
    return served(at, lambda port: [output([*prefix, "aria2c", "-q", "--no-conf", "-x", "4", "-k", "1M", "-o", "got", f"http://127.0.0.1:{port}/data"],
                                           at, True), sums(at, "got")])


@program("curl", "curl")
def curl(prefix, at):
    data(at, 100_000)
    # The name is looked up on a thread.
    return served(at, lambda port: output([*prefix, "curl", "-s", f"http://localhost:{port}/data"], at, True))


@program("cmake, ninja-build", "cmake", "ninja")
def ninja(prefix, at):
    (at / "build.ninja").write_text("rule r\n  command = echo $out > $out\n" +
                                    "".join(f"build f{i}: r\n" for i in range(20)))
    return [output([*prefix, "ninja", "-j4", "--quiet"], at, True), len(list(at.glob("f*")))]


@program("lld", "ld.lld", "gcc")
def lld(prefix, at):
    (at / "a.c").write_text("int main(void) { return 7; }\n")
    output(["gcc", "-c", "a.c"], at)
    return [output([*prefix, "ld.lld", "--threads=4", "-r", "a.o", "-o", "out.o"], at, True), sums(at, "out.o")]


@program("mold", "mold", "gcc")
def mold(prefix, at):
    (at / "a.c").write_text("int f(void) { return 7; }\n")
    output(["gcc", "-fPIC", "-c", "a.c"], at)
    return [output([*prefix, "mold", "-shared", "--no-fork", "--thread-count=4", "a.o", "-o", "out.so"], at, True), sums(at, "out.so")]


@program("clang", "clang")
def clang(prefix, at):
    (at / "a.c").write_text("int f(int a) { return a * 7; }\n")
    return [output([*prefix, "clang", "-O2", "-c", "a.c"], at, True), sums(at, "a.o")]


@program("samtools", "samtools")
def samtools(prefix, at):
    (at / "a.sam").write_text("@HD\tVN:1.6\n@SQ\tSN:c\tLN:100000\n" +
                              "".join(f"r{i}\t0\tc\t{(i * 7919) % 90000 + 1}\t60\t10M\t*\t0\t0\tACGTACGTAC\t*\n" for i in range(20000)))
    return [output([*prefix, "samtools", "sort", "--no-PG", "-@", "4", "-O", "sam", "-o", "b.sam", "a.sam"], at)[0], sums(at, "b.sam")]


@program("minimap2", "minimap2")
def minimap2(prefix, at):
    chosen = random.Random(7)
    text = "".join(chosen.choice("ACGT") for _ in range(20000))
    (at / "ref.fa").write_text(f">r\n{text}\n")
    (at / "q.fa").write_text("".join(f">q{i}\n{text[i * 100:i * 100 + 1000]}\n" for i in range(100)))
    return output([*prefix, "minimap2", "-t", "4", "-x", "map-ont", "ref.fa", "q.fa"], at)


@program("optipng", "optipng")
def optipng(prefix, at):
    output(["/usr/bin/convert", "-size", "60x60", "gradient:red-blue", "PNG24:in.png"], at)
    return output([*prefix, "optipng", "-quiet", "-o1", "in.png"], at, True)


@program("stress-ng", "stress-ng")
def stress_ng(prefix, at):
    return output([*prefix, "stress-ng", "--quiet", "--pthread", "1", "--pthread-max", "16", "--pthread-ops", "200"], at)[0]


@program("sysbench", "sysbench")
def sysbench(prefix, at):
    status, out, *_ = output([*prefix, "sysbench", "cpu", "--threads=4", "--events=200", "--time=0", "run"], at, True)
    return [status, re.findall(r"total number of events:\s+(\d+)", out)]


@program("fio", "fio")
def fio(prefix, at):
    status, out, *_ = output([*prefix, "fio", "--name=a", "--thread", "--numjobs=4", "--size=1M", "--rw=read", "--ioengine=psync", "--output-format=terse",
                              "--terse-version=3"], at, True)
    return [status, len(out.splitlines())]


@program("iperf3", "iperf3")
def iperf3_version(prefix, at):
    return output([*prefix, "iperf3", "--version"], at, True)


@program("gnupg", "gpg")
def gpg(prefix, at):
    (at / "home").mkdir(mode=0o700)
    return [output([*prefix, "gpg", "--homedir", str(at / "home"), "--batch", "--print-md", "sha256", data(at, 10000)], at, True)]


@program("libglib2.0-bin", "gio")
def gio(prefix, at):
    return [output([*prefix, "gio", "copy", data(at, 100000), "copy"], at, True), sums(at, "copy")]
