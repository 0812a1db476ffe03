"""The portal behind the server that people run: what only real processes and sockets can show."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit


def ask(site, path, method="GET", **headers):
    with closing(http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)) as connection:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response, response.read()


def test_head_has_no_body_and_the_same_headers(demo):
    head, nothing = ask(demo, "/homes/", "HEAD")
    page, text = ask(demo, "/homes/")
    assert (head.status, nothing) == (200, b"")
    assert len(text) > 1000
    assert head.headers["Content-Type"] == page.headers["Content-Type"]


def test_a_page_asked_for_again_costs_nothing(demo):
    first, _ = ask(demo, "/about/")
    again, nothing = ask(demo, "/about/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")


def test_many_readers_at_once_are_all_answered(demo):
    paths = ["/", "/homes/", "/themes/", "/figures/"] * 10
    with ThreadPoolExecutor(8) as readers:
        assert {response.status for response, _ in readers.map(lambda path: ask(demo, path), paths)} == {200}


def test_static_files_are_kept_by_browsers_for_long_and_compressed(demo):
    _, page = ask(demo, "/")
    style = page.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    response, _ = ask(demo, style, **{"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]


def test_the_server_tells_nothing_of_the_inside(demo):
    for path in ("/.env", "/.git/config", "/manage.py", "/var/portal.sqlite3", "/media/", "/static/"):
        assert ask(demo, path)[0].status == 404
    assert ask(demo, "/homes/", "TRACE")[0].status == 405
