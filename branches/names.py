"""Names as people write them: what two spellings of one name have in common, and text without what cannot be seen."""

import re
import unicodedata

from branches.sealing import keyed_hash

INVISIBLE = {"Cc", "Cf", "Cs"}


def plain_name(name):
    """A name as two spellings of it are one: no blanks, no invisible marks, full-width letters as plain ones."""
    name = unicodedata.normalize("NFKC", name)
    return "".join(each for each in name if not each.isspace() and unicodedata.category(each) not in INVISIBLE)


def person_key(name, telephone):
    """One person wherever they appear: a keyed hash of the name and the digits of the telephone."""
    return keyed_hash(f"{plain_name(name)}:{re.sub('[^0-9]', '', telephone)}", "person")


def tidy(text):
    """Text without what cannot be seen, and with single blanks."""
    seen = (" " if each.isspace() else each for each in text)
    return " ".join("".join(each for each in seen if unicodedata.category(each) not in INVISIBLE).split())
