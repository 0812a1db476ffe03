"""The log as production writes it, caught for a test to read."""

import io
import json
import logging
from contextlib import contextmanager

from config.log_lines import JsonLine


class LogBook:
    """What was written so far."""

    def __init__(self, stream):
        self.stream = stream

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def requests(self):
        return [line for line in self.lines if line["logger"] == "portal.request"]


@contextmanager
def log_book():
    handler, root = logging.StreamHandler(io.StringIO()), logging.getLogger()
    handler.setFormatter(JsonLine("Asia/Shanghai"))
    root.addHandler(handler)
    try:
        yield LogBook(handler.stream)
    finally:
        root.removeHandler(handler)
