# SPDX-License-Identifier: Apache-2.0
"""Servers: used through the loopback, and ended as their administrators end them."""
import os
import re
import signal
import socket
import time
import urllib.request

from processes import Server, free_port, output, program


def pages(port, path="/", times=20):
    """The different answers to so many requests."""
    seen = set()
    for _ in range(times):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            seen.add((page.status, page.read()))
    return sorted(map(str, seen))


def opened(at):
    """A page, in a folder that a server's workers may read as somebody else."""
    (at / "index.html").write_text("a page\n")
    at.chmod(0o755)


def ask_dns(port, name):
    """The address that a server gives for a name."""
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(2)
        for _ in range(20):
            try:
                s.sendto(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question, ("127.0.0.1", port))
                return ".".join(map(str, s.recv(512)[-4:]))
            except OSError:
                time.sleep(0.2)
    return None


@program("redis-server, redis-tools", "redis-server", "redis-cli")
def redis(prefix, at):
    port = str(free_port())
    server = Server([*prefix, "redis-server", "--port", port, "--bind", "127.0.0.1", "--io-threads", "2", "--save", "",
                     "--appendonly", "yes", "--dir", str(at)], at, int(port))
    cli = ["redis-cli", "-p", port]
    result = [output([*cli, "eval", "for i=1,1000 do redis.call('set', i, string.rep('x', i)) end return 1", "0"], at),
              output([*cli, "get", "7"], at), output([*cli, "unlink", "7"], at)]
    return [*result, output([*cli, "shutdown", "nosave"], at), server.end()]


@program("memcached", "memcached")
def memcached(prefix, at):
    port = free_port()
    server = Server([*prefix, "memcached", "-l", "127.0.0.1", "-p", str(port), "-t", "4", "-u", "nobody"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s, s.makefile("rwb") as f:
        for i in range(200):
            f.write(b"set key%d 0 0 5\r\nvalue\r\n" % i)
        f.write(b"get key7\r\n")
        f.flush()
        lines = {f.readline() for _ in range(203)}
    return [str(sorted(lines)), server.end(signal.SIGTERM)]


@program("nginx-light", "/usr/sbin/nginx")
def nginx(prefix, at):
    port = free_port()
    opened(at)
    (at / "nginx.conf").write_text(f"""daemon off; pid {at}/pid; error_log {at}/error.log; worker_processes 2;
        events {{}} http {{ access_log off; aio threads; client_body_temp_path {at}/a; proxy_temp_path {at}/b;
        fastcgi_temp_path {at}/c; uwsgi_temp_path {at}/d; scgi_temp_path {at}/e;
        server {{ listen 127.0.0.1:{port}; root {at}; }} }}""")
    server = Server([*prefix, "/usr/sbin/nginx", "-c", f"{at}/nginx.conf"], at, port)
    return [pages(port), server.end(signal.SIGQUIT)]


@program("apache2-bin", "/usr/sbin/apache2")
def apache2(prefix, at):
    port = free_port()
    opened(at)
    modules = "/usr/lib/apache2/modules"
    (at / "httpd.conf").write_text(f"""ServerName localhost
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
Listen 127.0.0.1:{port}
ServerRoot {at}
PidFile {at}/pid
ErrorLog {at}/error.log
Mutex file:{at}
User nobody
Group nogroup
StartServers 1
ThreadsPerChild 8
DocumentRoot {at}
""")
    server = Server([*prefix, "/usr/sbin/apache2", "-f", f"{at}/httpd.conf", "-DFOREGROUND"], at, port)
    return [pages(port, "/index.html"), server.end(signal.SIGTERM)]


@program("lighttpd", "/usr/sbin/lighttpd")
def lighttpd(prefix, at):
    port = free_port()
    opened(at)
    (at / "conf").write_text(f"""server.document-root = "{at}"\nserver.port = {port}\nserver.bind = "127.0.0.1"
index-file.names = ("index.html")\n""")
    server = Server([*prefix, "/usr/sbin/lighttpd", "-D", "-f", f"{at}/conf"], at, port)
    return [pages(port), server.end(signal.SIGINT)]


@program("haproxy", "/usr/sbin/haproxy")
def haproxy(prefix, at):
    port = free_port()
    (at / "conf").write_text(f"""global
  nbthread 4
defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain string hello
""")
    server = Server([*prefix, "/usr/sbin/haproxy", "-db", "-f", f"{at}/conf"], at, port)
    return [pages(port), server.end(signal.SIGUSR1)]


@program("mosquitto", "/usr/sbin/mosquitto")
def mosquitto(prefix, at):
    port = free_port()
    (at / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    server = Server([*prefix, "/usr/sbin/mosquitto", "-c", f"{at}/conf"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a\xe0\x00")
        answer = s.recv(4).hex()
    return [answer, server.end(signal.SIGTERM)]


@program("unbound", "/usr/sbin/unbound")
def unbound(prefix, at):
    port = free_port()
    (at / "conf").write_text(f"""server:
  interface: 127.0.0.1@{port}
  num-threads: 4
  chroot: ""
  directory: "{at}"
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  local-data: "a.test. IN A 192.0.2.7"
remote-control:
  control-enable: no
""")
    server = Server([*prefix, "/usr/sbin/unbound", "-d", "-c", f"{at}/conf"], at, port)
    return [ask_dns(port, "a.test"), server.end(signal.SIGTERM)]


@program("dnsmasq-base", "/usr/sbin/dnsmasq")
def dnsmasq(prefix, at):
    port = free_port()
    server = Server([*prefix, "/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "-p", str(port), "-a", "127.0.0.1", "-z", "-R", "-h",
                     "-u", "root", "-x", f"{at}/pid", "-A", "/a.test/192.0.2.7"], at, port)
    return [ask_dns(port, "a.test"), server.end(signal.SIGTERM)]


@program("bind9", "/usr/sbin/named")
def named(prefix, at):
    port = free_port()
    (at / "zone").write_text("$TTL 60\n@ IN SOA n. h. 1 1 1 1 1\n@ IN NS n.\na IN A 192.0.2.7\n")
    (at / "conf").write_text(f"""options {{ directory "{at}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  pid-file none; session-keyfile none; recursion no; dnssec-validation no; managed-keys-directory "{at}"; }};
controls {{ }};
zone "test" {{ type primary; file "{at}/zone"; }};
""")
    server = Server([*prefix, "/usr/sbin/named", "-f", "-n", "2", "-c", f"{at}/conf"], at, port)
    return [ask_dns(port, "a.test") is not None, server.end(signal.SIGTERM)]


@program("slapd", "/usr/sbin/slapd")
def slapd(prefix, at):
    port = free_port()
    (at / "db").mkdir()
    (at / "conf").write_text(f"""include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {at}/pid
database mdb
suffix "dc=test"
rootdn "cn=admin,dc=test"
rootpw secret
directory {at}/db
""")
    server = Server([*prefix, "/usr/sbin/slapd", "-d", "0", "-f", f"{at}/conf", "-h", f"ldap://127.0.0.1:{port}/"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(bytes.fromhex("300c020101600702010304008000"))  # an anonymous bind
        answer = s.recv(14).hex()
    return [answer, server.end(signal.SIGTERM)]


@program("mariadb-server-core", "/usr/sbin/mariadbd")
def mariadb(prefix, at):
    sql = at / "sql"
    sql.write_text("create table mysql.t(a int, b varchar(20)) engine=innodb;\n"
                   "insert into mysql.t values(1,'one'),(2,'two');\n"
                   "select sum(a) from mysql.t into outfile '%s/out';\n" % at)
    (at / "data" / "mysql").mkdir(parents=True)
    with sql.open("rb") as given:
        status = output([*prefix, "/usr/sbin/mariadbd", "--no-defaults", "--bootstrap", f"--datadir={at}/data", "--user=root",
                         "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--silent-startup"], at, stdin=given)[0]
    return [status, (at / "out").read_text() if (at / "out").exists() else None]


@program("tor", "/usr/sbin/tor")
def tor(prefix, at):
    port = free_port()
    os.chmod(at, 0o700)
    server = Server([*prefix, "/usr/sbin/tor", "-f", "/nonexistent", "--ignore-missing-torrc", "--DataDirectory", str(at), "--SocksPort",
                     "0", "--ControlPort", f"127.0.0.1:{port}", "--DisableNetwork", "1", "--quiet"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s, s.makefile("rwb") as f:
        f.write(b"AUTHENTICATE\r\nGETINFO version\r\n")
        f.flush()
        lines = [f.readline().decode(), re.sub(r"[\d.]+", "N", f.readline().decode())]
    # The second asks for a quick end of a relay; a client ends at once.
    return [lines, server.end(signal.SIGTERM)]


@program("varnish", "/usr/sbin/varnishd")
def varnish(prefix, at):
    port = free_port()
    at.chmod(0o755)
    (at / "vcl").write_text('vcl 4.1; backend default none; sub vcl_recv { return (synth(200, "hello")); }')
    server = Server([*prefix, "/usr/sbin/varnishd", "-F", "-f", f"{at}/vcl", "-a", f"127.0.0.1:{port}", "-n", str(at), "-T", "none", "-j", "none",
                     "-s", "malloc,10M"], at, port)
    return [len(pages(port)) > 0, server.end(signal.SIGTERM)]


@program("dbus", "dbus-daemon")
def dbus_daemon(prefix, at):
    port = free_port()
    (at / "conf").write_text(f"""<busconfig><type>session</type><listen>tcp:host=127.0.0.1,port={port}</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"/><allow own="*"/></policy></busconfig>""")
    server = Server([*prefix, "dbus-daemon", "--nofork", f"--config-file={at}/conf"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(b"\0AUTH\r\n")
        answer = s.recv(100).decode()
    return [answer, server.end(signal.SIGTERM)]
