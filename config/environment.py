"""How settings are read from the environment, or from `.env` beside manage.py: in words, where something is wrong."""

from ipaddress import ip_network
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
ENV_FILE = env.str("ENV_FILE", default=str(BASE_DIR / ".env"))
environ.Env.read_env(ENV_FILE)


def required(name, example):
    """Return the variable `name`, or stop with a sentence that says how to set it."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Put a line such as\n\n    {name}={example}\n\n"
            f"into {BASE_DIR / '.env'} (every setting is explained in .env.example), "
            "or set DEMO=1 to try the portal with sample data."
        )
    return value


def typed(read, name, default, expected):
    """Read a variable with django-environ, and say in words what was expected when it does not fit.

    The value itself is not repeated: it may hold a password.
    """
    try:
        return read(name, default=default)
    except (ValueError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not {expected}. See .env.example.") from error


def switch(name, default):
    """Read an on/off variable. A misspelt one must not count as off: HTTPS=ture would serve without it."""
    text = env.str(name, default="").lower() or str(default).lower()
    if text not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name} is neither 1 nor 0. See .env.example.")
    return text in {"1", "true", "yes", "on"}


def networks(name, listed):
    """Read a list of addresses or networks."""
    return [
        typed(lambda _name, default: ip_network(default), name, network.strip(), "addresses or networks")
        for network in listed
    ]


def keys(name, listed):
    """Keys as `make field-key` prints them, or a sentence that says what to do."""
    listed = [key.strip() for key in listed]
    try:
        [Fernet(key) for key in listed]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} holds something that is no key. Make a new one with: make field-key"
        ) from error
    return listed
