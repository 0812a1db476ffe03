"""The server answers a stored page without a thread, to the letter as a thread would, and nothing else."""

import os
import re
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from django.http import HttpResponse
from django.urls import path
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from config import urls as site
from config import wsgi
from config.caching import public_page
from config.content_version import content
from config.gunicorn import Log
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf
from config.worker import Worker

LONG = "长" * 700_000  # more than a socket takes at once
PAGE = b"GET /page/ HTTP/1.1\r\nHost: testserver\r\n%s\r\n"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("these_pages")]


rendered = []  # one entry for every time the view ran


@public_page
def page(request):
    rendered.append(request.method)
    return HttpResponse(f"made {len(rendered)}")


@public_page
def long(request):
    return HttpResponse(LONG)


urlpatterns = [path("page/", page), path("long/", long), *site.urlpatterns]


class Threads:
    """A pool of threads: keeps what it is given, until it is `done` here and now."""

    def __init__(self):
        self.given = []

    def submit(self, work, *arguments):
        future = Future()
        self.given.append((future, work, arguments))
        return future

    def done(self):
        while self.given:
            future, work, arguments = self.given.pop(0)
            future.set_result(work(*arguments))


class Asked:
    """A worker, and somebody who asks it."""

    def __init__(self):
        settings = Config()
        settings.set("keepalive", 0)
        self.worker = Worker(1, os.getppid(), [], None, 30, settings, Log(settings))
        self.worker.wsgi = wsgi.application
        self.worker.tpool = self.threads = Threads()
        self.worker.method_queue.init()
        self.lines = []

    def close(self):
        for line in (*self.lines, self.worker.method_queue, self.worker.tmp):
            line.close()

    def ask(self, *parts, before=lambda: None):
        """All that comes back to these bytes before a thread has done anything."""
        theirs, ours = socket.socketpair()
        self.lines += [theirs, ours]
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 200_000)
        self.line = theirs
        for part in parts:
            theirs.sendall(part)
        before()
        self.worker.nr_conns += 1
        self.worker.enqueue_req(TConn(self.worker.cfg, ours, ("127.0.0.1", 5000), ("127.0.0.1", 8000)))
        return self.heard()

    def heard(self):
        """What has come by now."""
        said = bytearray()
        with suppress(BlockingIOError):
            while part := self.line.recv(65536, socket.MSG_DONTWAIT):
                said += part
        return bytes(said)

    def threads_answer(self):
        """What comes when the threads do all they were given, to somebody who hangs up after it."""
        with ThreadPoolExecutor(1) as others:
            said = others.submit(self._read_to_the_end, self.line)
            self.threads.done()
        self.worker.method_queue.run_callbacks(None)
        return said.result()

    @staticmethod
    def _read_to_the_end(line):
        said = b"".join(iter(lambda: line.recv(65536), b""))
        line.close()
        return said


@pytest.fixture
def these_pages(settings):
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = __name__, ["testserver"]
    rendered.clear()


@pytest.fixture
def asked(client, loggers_restored):
    """A worker whose process has stored a page."""
    assert client.get("/page/").status_code == client.get("/long/").status_code == 200
    assert content.is_known
    with closing(Asked()) as asked:
        yield asked


def same(answer):
    """What does not differ from one answer to the next."""
    return re.sub(rb"(?m)^(Date|X-Request-ID): .*$", rb"\1", answer)


@pytest.mark.parametrize(
    "headers", [b"", b"Accept-Encoding: gzip\r\n", b'If-None-Match: "0"\r\n', b"Cookie: display=huge-high; a=b\r\n"]
)
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_a_stored_page_is_what_a_thread_would_say(asked, client, method, headers):
    client.get("/page/", headers={"cookie": "display=huge-high"})
    request = PAGE.replace(b"GET", method) % headers
    at_once = asked.ask(request)
    assert at_once.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not asked.threads.given
    assert asked.worker.nr_conns == 0

    assert asked.ask(request[:9]) == b""
    asked.line.sendall(request[9:])  # the rest comes later
    assert same(asked.threads_answer()) == same(at_once)
    assert asked.worker.nr_conns == 0
    assert at_once.endswith(b"\r\n\r\n") is (method == b"HEAD")
    assert rendered == ["GET", "GET"]  # one of each size of letters


def test_a_page_that_is_known_already_is_not_sent_again(asked):
    etag = re.search(rb"ETag: (.*)\r\n", asked.ask(PAGE % b""))[1]
    assert asked.ask(PAGE % b"If-None-Match: %s\r\n" % etag).startswith(b"HTTP/1.1 304 Not Modified\r\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (PAGE.replace(b"/page/", b"/page/?word=new") % b"", 200),  # not stored
        (PAGE.replace(b"/page/", b"/nowhere/") % b"", 404),
        (PAGE.replace(b"GET", b"POST") % b"Content-Length: 0\r\n", 403),
        (PAGE.replace(b"GET", b"POST") % b"", 403),
        (PAGE % b"Content-Length: 3\r\n" + b"abc", 200),
        (PAGE.replace(b"testserver", b"elsewhere") % b"", 400),
        (PAGE.replace(b"HTTP/1.1", b"HTTX") % b"", 400),
        (PAGE % b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"\x16\x03\x01\x02\r\n\r\n", 400),
        (PAGE % b"SCRIPT_NAME: /elsewhere\r\n", 500),  # of a proxy that contradicts itself
    ],
)
def test_all_else_goes_to_a_thread_with_nothing_of_it_read(asked, request_, status):
    assert asked.ask(request_) == b""
    assert asked.threads_answer().startswith(b"HTTP/1.1 %d " % status)
    assert asked.worker.nr_conns == 0


def test_what_comes_after_the_first_request_is_not_lost_with_it(asked):
    """Nobody who does that is promised an answer to the second; the first one is whole."""
    assert asked.ask(PAGE % b"", PAGE % b"") == b""
    assert asked.threads_answer().endswith(b"made 1")


def test_a_body_that_is_announced_is_waited_for_by_a_thread(asked):
    assert asked.ask(PAGE % b"Content-Length: 3\r\n") == b""
    assert asked.ask(PAGE % b"Transfer-Encoding: chunked\r\n") == b""
    assert len(asked.threads.given) == 2


def test_nothing_is_asked_of_the_shared_cache(asked, django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(0):
        assert asked.ask(PAGE % b"")
    monkeypatch.setattr(content, "trusted_until", 0.0)  # half a second later
    with django_assert_num_queries(0):
        assert asked.ask(PAGE % b"") == b""


def test_after_an_edit_a_thread_makes_the_page_anew(asked):
    content.renew()
    assert asked.ask(PAGE % b"") == b""
    assert asked.threads_answer().endswith(b"made 2")


def test_a_slow_reader_is_waited_for_by_a_thread(asked):
    request = PAGE.replace(b"/page/", b"/long/") % b""
    begun = asked.ask(request)
    assert begun
    assert asked.worker.nr_conns == 1
    whole = begun + asked.threads_answer()
    assert whole.endswith(b"\r\n\r\n" + LONG.encode())
    assert asked.worker.nr_conns == 0


def test_whoever_is_gone_is_forgotten(asked):
    asked.ask(PAGE % b"", before=lambda: asked.line.shutdown(socket.SHUT_RDWR))
    assert not asked.threads.given
    assert asked.worker.nr_conns == 0


def test_the_thread_waits_until_a_reader_has_hung_up(asked, monkeypatch):
    """The one that takes connections would make everybody wait."""
    asked.ask(PAGE % b"", PAGE % b"")
    (_, work, (conn,)) = asked.threads.given[0]
    assert work(conn) is False
    assert conn.sock.fileno() < 0
