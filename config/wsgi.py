"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

portal = get_wsgi_application()

from config.full_disk import keep_database_open  # noqa: E402 - once Django is set up

held = keep_database_open()


def application(environ, start_response):
    # who comes by a Unix socket has no address, and is a program of this machine: nginx
    environ["REMOTE_ADDR"] = environ.get("REMOTE_ADDR") or "127.0.0.1"
    return portal(environ, start_response)
