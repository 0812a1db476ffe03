#!/usr/bin/env python
"""Run administrative commands: `.venv/bin/python manage.py help`."""

import gc
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    gc.set_threshold(100_000, 20, 20)  # migrations and samples hold much at once: a sixth less time than by the usual
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - Django may be missing: see the README
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from config.timers import marked  # noqa: PLC0415

    try:
        with marked(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Settings: {error}")  # its text says what to do; a stack trace would hide it


if __name__ == "__main__":
    main()
