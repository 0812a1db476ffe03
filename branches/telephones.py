"""Telephone numbers, however they are written: ＋８６ 138-1234-5678, 0731 88887777."""

import re
import unicodedata

COUNTRY, TRUNK = "86", "0"
MOBILE = 11  # digits, the first of them 1
LEAST = 7  # digits of the shortest number somebody could be called at
GAPS = re.compile(r"[\s()+/.·-]{0,3}")  # between the groups of digits of one number
MOST_GROUPS = 5  # of one number: +86 138 1234 5678 has four


def digits(text):
    """The digits of a number, ASCII whatever script they are in, without the country's code; "" for none.

    13812345678 for +86 138 1234 5678, 073188887777 for +86 731 8888 7777.
    """
    found = "".join(str(unicodedata.decimal(each)) for each in text if each.isdecimal())
    abroad = found.removeprefix("00")
    if len(found) <= MOBILE or not abroad.startswith(COUNTRY):
        return found
    local = abroad.removeprefix(COUNTRY)
    return local if local.startswith(("1", TRUNK)) else TRUNK + local


def numbers_in(text):
    """Every stretch of a text that could be a number: up to MOST_GROUPS groups of digits with gaps between them."""
    groups = list(re.finditer(r"\d+", unicodedata.normalize("NFKC", text)))
    for first, begin in enumerate(groups):
        yield begin[0]
        end = begin
        for group in groups[first + 1 : first + MOST_GROUPS]:
            if not GAPS.fullmatch(end.string, end.end(), group.start()):
                break
            end = group
            yield begin.string[begin.start() : end.end()]
