"""Telephone numbers, however they are written: ＋８６ 138-1234-5678, 0731 88887777."""

import unicodedata

COUNTRY, TRUNK = "86", "0"
MOBILE = 11  # digits, the first of them 1
LEAST = 7  # digits of the shortest number somebody could be called at


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
