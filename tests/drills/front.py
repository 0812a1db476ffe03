"""nginx in front of a portal, with the site of deploy/nginx on free ports of this machine, and asking it by name."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import closing

from tests.drills.cluster import ROOT, free_port

NAME = "jinqiu.example.cn"
START_SECONDS = 20


class Front:
    """nginx with a certificate made for the occasion. `portal` is the folder that stands for /srv/portal."""

    def __init__(self, folder, portal):
        self.folder, self.portal, self.process = folder, portal, None
        self.http, self.https = free_port(), free_port()
        self.logs = folder / "logs"
        self.logs.mkdir()
        (folder / "acme").mkdir()
        self._certify()
        self._configure()
        self.trust = ssl.create_default_context(cafile=folder / "fullchain.pem")

    def _certify(self):
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                "-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem",
            ],
            check=True, capture_output=True,
        )  # fmt: skip

    def _configure(self):
        """The site as it is, with the places that a technician writes in turned to this folder and these ports."""
        site = (ROOT / "deploy/nginx/portal.conf").read_text()
        for old, new in {
            "/srv/portal": str(self.portal),
            f"/etc/letsencrypt/live/{NAME}": str(self.folder),
            "/var/log/portal": str(self.logs),
            "/var/www/letsencrypt": str(self.folder / "acme"),
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "listen 80": f"listen 127.0.0.1:{self.http}",
        }.items():
            assert old in site, old
            site = site.replace(old, new)
        site = re.sub(r"(?m)^\s*listen \[::\].*$", "", site)
        (self.folder / "site.conf").write_text(site)
        temporary = "".join(
            f"{kind}_temp_path {self.folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"{'' if os.getuid() else 'user root;'}\ndaemon off;\nworker_processes 2;\n"
            f"pid {self.folder / 'nginx.pid'};\n"
            f"error_log {self.logs / 'nginx.log'} alert;\nevents {{ worker_connections 512; }}\n"
            # gzip as Debian's nginx.conf has it
            f"http {{\ninclude /etc/nginx/mime.types;\ngzip on;\n{temporary}include {self.folder / 'site.conf'};\n}}\n"
        )

    def start(self):
        command = [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), "-c", self.folder / "nginx.conf"]
        command += ["-p", self.folder]
        subprocess.run([*command, "-t", "-q"], check=True)
        self.process = subprocess.Popen(command)
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.https), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    # --- asking ------------------------------------------------------------------------------------------------------
    def line(self):
        """A connection by TLS to the portal's name."""
        return closing(ByName(self.https, self.trust))

    def ask(self, path, method="GET", body=None, **headers):
        """(status, headers by small names, cookies, text) of an answer."""
        with self.line() as line:
            line.request(
                method, path, body=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
            )
            return read(line.getresponse())

    def ask_plainly(self, path, host=NAME, **headers):
        """The same without TLS."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)) as line:
            line.request("GET", path, headers={"Host": host, **headers})
            return read(line.getresponse())

    def send(self, text):
        """What comes back for lines of our own making."""
        with self.line() as line:
            line.connect()
            line.sock.sendall(text.encode())
            answer = http.client.HTTPResponse(line.sock)
            answer.begin()
            return read(answer)


class ByName(http.client.HTTPSConnection):
    """Goes to this machine, whatever the name resolves to."""

    def __init__(self, port, trust):
        super().__init__(NAME, timeout=60, context=trust)
        self.at = port

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.at), timeout=60)
        self.sock = self._context.wrap_socket(plain, server_hostname=NAME)


def read(answer):
    body = answer.read()
    headers = {name.lower(): text for name, text in answer.getheaders()}
    headers["(names)"] = sorted(name.lower() for name, _ in answer.getheaders() if name.lower() != "set-cookie")
    return answer.status, headers, answer.msg.get_all("Set-Cookie") or [], body
