"""The door for gunicorn."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

portal = get_wsgi_application()

from config.caching import out_of_the_store  # noqa: E402 - once Django is set up
from config.full_disk import keep_database_open  # noqa: E402

held = keep_database_open()
PIECE = 256 * 1024  # bytes


def application(environ, start_response):
    answer = portal(with_address(environ), start_response)
    # what a page did not want to read is read before it is answered: a door shut on nginx while it still sends can
    # make it say 503 in our place. nginx has the whole body, at most 64 MB, before it begins to send.
    while environ["wsgi.input"].read(PIECE):
        pass
    return answer


def at_once(environ, start_response):
    """The same for a page that this process has in its store; None for all else, which nothing was done for."""
    response = out_of_the_store(WSGIRequest(with_address(environ)))
    if response is None:
        return None
    start_response(f"{response.status_code} {response.reason_phrase}", [*response.items()])
    return response


application.at_once = at_once  # where config/worker.py looks for it


def with_address(environ):
    # who comes by a Unix socket has no address, and is a program of this machine: nginx
    environ["REMOTE_ADDR"] = environ.get("REMOTE_ADDR") or "127.0.0.1"
    return environ
