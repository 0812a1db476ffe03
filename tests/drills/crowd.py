"""People who sign up for activities over HTTP, each with a name, a telephone and an address of their own."""

import re
import secrets
import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from urllib.parse import urlencode

from tests.benchmarks.site_load import request
from tests.drills.server import PATIENCE, Answer

SIGNED_UP = 302
FILLING_IN = 4  # seconds: what comes back sooner was sent by no person
TOKEN = secrets.token_hex(16)  # of a browser: its cookie and its forms have the same one
BEHIND_NGINX = {"TRUSTED_PROXIES": "127.0.0.1"}  # settings: everybody has an address of their own
_numbers = count(1)


class Crowd:
    """Those who have the form of this server open: it was made a while ago."""

    def __init__(self, server, activity):
        self.server = server
        page = server.ask(f"/activities/{activity}/sign-up/").text
        self.made_at = re.search(r'name="made_at" value="([^"]+)"', page)[1]
        time.sleep(FILLING_IN)

    def sign_up(self, activity, *, number=None, key=""):
        """(form_key, answer) of one sign-up, of somebody new unless told."""
        form = self._filled_in(number or next(_numbers), key or secrets.token_hex(16))
        return form["form_key"], self.send(f"/activities/{activity}/sign-up/", form)

    def all_sign_up(self, activity, number):
        """[(answer, seconds)] of so many new people, all of them at the same moment."""
        asked = []
        for _ in range(number):
            form = self._filled_in(next(_numbers), secrets.token_hex(16)) | {"csrfmiddlewaretoken": TOKEN}
            headers = (f"Cookie: csrftoken={TOKEN}", f"X-Forwarded-For: {somewhere()}")
            asked.append(request(f"/activities/{activity}/sign-up/", headers=headers, body=urlencode(form).encode()))
        return sent_at_once(self.server.port, asked)

    def _filled_in(self, number, key):
        return {
            "name": f"示例{number}", "telephone": f"199{number:08}", "consent": "on", "made_at": self.made_at,
            "form_key": key,
        }  # fmt: skip

    def send(self, path, form, session=""):
        """Send a form with its token, from somewhere else each time."""
        cookies = "; ".join(filter(None, (f"csrftoken={TOKEN}", session)))
        return self.server.ask(path, form | {"csrfmiddlewaretoken": TOKEN}, Cookie=cookies, X_Forwarded_For=somewhere())


def somewhere():
    """An address that nobody has asked from."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def sent_at_once(port, asked):
    """Send these requests, each on a connection of its own, and then wait for all; [(answer, seconds)].

    One thread, which does nothing while the server works, so that what is measured is the server: from the moment in
    which a request was handed over until the end of its answer. Nobody is answered later for being asked about later.
    """
    heard, began, ended = [b""] * len(asked), [0.0] * len(asked), [0.0] * len(asked)
    with selectors.DefaultSelector() as lines:
        for number, one in enumerate(asked):
            line = socket.create_connection(("127.0.0.1", port), PATIENCE)
            began[number] = time.monotonic()
            line.sendall(one)
            line.setblocking(False)
            lines.register(line, selectors.EVENT_READ, number)
        while lines.get_map():
            for key, _ in lines.select():
                part = key.fileobj.recv(65536)
                heard[key.data] += part
                if not part:
                    ended[key.data] = time.monotonic()
                    lines.unregister(key.fileobj)
                    key.fileobj.close()
    return [(Answer.of(each), end - begin) for each, begin, end in zip(heard, began, ended, strict=True)]


def at_once(*steps):
    """Take the steps at the same moment; [(what it returned, its seconds)]."""
    barrier = Barrier(len(steps))

    def take(step):
        barrier.wait(60)
        began = time.monotonic()
        return step(), time.monotonic() - began

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(take, steps))


class Rush:
    """So many people who sign up for an activity one after the other, until it is over; keeps who was told yes."""

    def __init__(self, crowd, activity, clients):
        self.crowd, self.activity = crowd, activity
        self.acknowledged, self.unanswered, self.refused = [], 0, []
        self._over = threading.Event()
        self._clients = [threading.Thread(target=self._go_on) for _ in range(clients)]

    def _go_on(self):
        while not self._over.is_set():
            key, answer = self.crowd.sign_up(self.activity)
            if answer.status == SIGNED_UP:
                self.acknowledged.append(key)
            elif answer.status:
                self.refused.append(answer.status)
            else:
                self.unanswered += 1
                time.sleep(0.05)

    def wait_for(self, more, seconds=60):
        """Wait until so many more were told yes."""
        wanted, ends = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < ends, f"Nobody could sign up for {seconds} seconds."
            time.sleep(0.02)

    def __enter__(self):
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for client in self._clients:
            client.join()
