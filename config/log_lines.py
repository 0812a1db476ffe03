"""How a line of the log is written: one JSON object a line in production, words for a person in a demo.

No line may tell anything about a person. So an error is told by its kind and its place in the code, and by its own
words only where they cannot hold what somebody typed: those of a broken constraint or a refused value do. What Django
and gunicorn say about a request is cut to what holds nothing of it, and a telephone is blacked out wherever it stands.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

# the request at hand, so that whatever is logged on its way carries its name
request_id = ContextVar("request_id", default="")

WORDS_WITHOUT_VALUES = (
    OperationalError,
    InterfaceError,
    RedisError,
    ImportError,
    NameError,
    MemoryError,
    RecursionError,
)
HOLD_INPUT = ("Invalid request from", "Error handling request")  # how such lines of gunicorn begin
TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
TELEPHONE_BLACKED_OUT = "1**********"


class Line(logging.Formatter):
    """For a person to read. Also what the JSON line is made of."""

    def __init__(self, zone="UTC"):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.zone, self._second = ZoneInfo(zone), (None, "", "")

    def formatTime(self, record, datefmt=None):  # noqa: N802 - what logging calls it
        """2026-11-25T10:20:03.412+08:00, worked out once a second."""
        second = int(record.created)
        known, moment, offset = self._second
        if known != second:
            at = datetime.fromtimestamp(second, self.zone).isoformat()
            moment, offset = at[:19], at[19:]
            self._second = second, moment, offset
        return f"{moment}.{int(record.msecs):03d}{offset}"

    def format(self, record):
        facts = self.facts(record)
        line = f"{facts.pop('time')} {facts.pop('level')} {facts.pop('logger')}"
        error = facts.pop("error", "")
        words = " ".join(map(_printable, map(str, facts.values())))
        return f"{line} {words}{'\n' + error if error else ''}"

    def facts(self, record):
        """What the line says, by name."""
        facts = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        facts |= getattr(record, "facts", None) or {"message": without_people(self.words(record))}
        if name := request_id.get():
            facts["request"] = name
        if record.exc_info and record.exc_info[1] is not None:
            facts["error"] = without_people(told(record.exc_info[1]))
        return facts

    @staticmethod
    def words(record):
        if hasattr(record, "request"):  # Django's, about an address or a header as it was sent
            return f"{getattr(record, 'status_code', '')} {record.levelname}".strip()
        words = record.getMessage()
        return next((begin for begin in HOLD_INPUT if words.startswith(begin)), words)


class JsonLine(Line):
    """For programs. All but printable ASCII is escaped: nobody can write a line of their own, or to a terminal."""

    def format(self, record):
        return ENCODER.encode(self.facts(record))


def _printable(text):
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


ENCODER = json.JSONEncoder(default=str)
FORMATS = {"json": JsonLine, "plain": Line}


def without_people(text):
    return TELEPHONE.sub(TELEPHONE_BLACKED_OUT, text)


def told(error):
    """Where an error came from and of what kind it is, with those that led to it, without any value."""
    lines = []
    while error is not None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        words = f": {error}" if isinstance(error, WORDS_WITHOUT_VALUES) else ""
        lines.insert(0, f"{''.join(traceback.format_tb(error.__traceback__))}{kind}{words}".rstrip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)
