"""The pieces by which the index is asked, and what is asked of them in the languages of both databases.

A piece begins with a letter for what it is of: n, b two characters of a name, of the text; p, q two syllables of a
name, of the beginning of the text; i three initials; s two syllables as they sound alike; k of what kind it is. What
stands last is paired with END, so that each piece also says what a single character or syllable begins.
"""

from dataclasses import dataclass
from itertools import pairwise

from homes.search.sounds import alike

END = "¬"  # is neither letter nor digit, so that no text has it
APART = "0"  # between two syllables


def of_text(kind, text):
    """Every two characters of each run."""
    return {f"{kind}{one}{other}" for run in text.split() for one, other in pairwise(run + END)}


def of_sounds(kind, syllables):
    return {f"{kind}{one}{APART}{other}" for one, other in pairwise([*syllables, END])}


def of_initials(initials):
    padded = initials + END + END
    return {f"i{padded[start : start + 3]}" for start in range(len(initials))}


def of_kind(kind):
    return f"k{kind}"


def of_likeness(syllables):
    return of_sounds("s", map(alike, syllables))


@dataclass(frozen=True)
class Asked:
    """Pieces that must all be there, or of which one must: parts are `Asked`, or pieces; a * stands for any ending."""

    joined: str  # "and" or "or"
    parts: tuple

    def for_sqlite(self):
        """In the language of FTS5."""
        return self._told({"and": " AND ", "or": " OR "}, '"{}"', '"{}" *')

    def for_postgresql(self):
        """As a tsquery."""
        return self._told({"and": " & ", "or": " | "}, "'{}'", "'{}':*")

    def _told(self, joints, piece, beginning):
        told = (
            part._told(joints, piece, beginning) if isinstance(part, Asked)
            else (beginning if part.endswith("*") else piece).format(part.rstrip("*"))
            for part in self.parts
        )  # fmt: skip
        return f"({joints[self.joined].join(told)})"


def all_of(parts):
    return Asked("and", tuple(parts))


def any_of(parts):
    return Asked("or", tuple(parts))


def text_asked(kind, word):
    """Where this word may stand: two characters each, one alone by what begins with it."""
    if len(word) == 1:
        return all_of([f"{kind}{word}*"])
    return all_of(f"{kind}{one}{other}" for one, other in pairwise(word))


def sounds_asked(kind, reading):
    """Where this reading may be heard: every two syllables that follow each other, the first of them whole."""
    if len(reading) == 1:
        ((part, whole),) = reading
        return all_of([f"{kind}{part}{APART if whole else ''}*"])
    pieces = [f"{kind}{one}{APART}{other}{'' if ends else '*'}" for (one, on), (other, ends) in pairwise(reading) if on]
    if not all(whole for _, whole in reading[:-1]):
        pieces.append(initials_asked("".join(part[0] for part, _ in reading)))
    return all_of(pieces)


def initials_asked(letters):
    if len(letters) < 3:
        return all_of([f"i{letters}*"])
    return all_of(f"i{letters[start : start + 3]}" for start in range(len(letters) - 2))
