"""The cells of the register's sheet: what a person types, turned into what is kept, or a sentence why it cannot be."""

import re
import unicodedata
from datetime import date

from django.utils import timezone

from branches.models import Member

YES_NO = {"是": True, "否": False}
INVISIBLE = {"Cc", "Cf", "Cs"}  # marks that come along when a number is copied from a telephone
EARLIEST_YEAR, LATEST_YEAR = 1900, 2020  # of birth, as the model has it
FIRST_JOINED = date(1921, 7, 1)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
CALLABLE = re.compile(r"[0-9+() /-]{5,20}")


class CellError(ValueError):
    """What is wrong with a cell, in a sentence for the person who filled it in."""


def squeeze(text):
    """Text without what cannot be seen, with single blanks; so two spellings of one thing are one."""
    if not text.isprintable():
        seen = (" " if character.isspace() else character for character in text)
        text = "".join(each for each in seen if unicodedata.category(each) not in INVISIBLE)
    return " ".join(text.split())


def _narrow(text):
    """Full-width digits and marks as plain ones."""
    return unicodedata.normalize("NFKC", text)


def year(text):
    digits = _narrow(text).removesuffix("年")
    if not re.fullmatch(r"[0-9]{4}", digits) or not EARLIEST_YEAR <= int(digits) <= LATEST_YEAR:
        raise CellError("出生年份写四位数字，例如 1948。")
    return int(digits)


def day(text):
    found = DAY.fullmatch(_narrow(text))
    try:
        on = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        on = None
    if on is None:
        raise CellError("日期写成 1975-07-01 这样。")
    if not FIRST_JOINED <= on <= timezone.localdate():
        raise CellError("入党日期不能在今天以后，也不能早于1921年7月。")
    return on


def telephone(text):
    plain = _narrow(text)
    if not CALLABLE.fullmatch(plain):
        raise CellError("电话只写一个号码，例如 13800000000 或 0731-00000000。")
    return plain


def yes_or_no(text):
    if text not in YES_NO:
        raise CellError("这一格写“是”或“否”。")
    return YES_NO[text]


def text_of(field):
    """A reader of plain text no longer than the member's field of this name."""
    most = Member._meta.get_field(field).max_length

    def read(text):
        if len(text) > most:
            raise CellError(f"写得太长了，请留在{most}个字以内。")
        return text

    return read
