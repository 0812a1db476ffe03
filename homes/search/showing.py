"""What of an entry is shown for a question: its title and a piece of its text, with what was found in them marked."""

import unicodedata
from typing import NamedTuple

from homes.search.sounds import syllables

BEFORE, LENGTH = 16, 72  # characters of the text before what was found, and of the piece altogether


class Part(NamedTuple):
    text: str
    is_marked: bool


def marked(text, words):
    """The text in parts, what the words found marked: as it is written, else as it sounds."""
    letters = _letters(text)
    places = _places(letters, words) or _heard(letters, words)
    return _parts(text, places, 0, len(text))


def snippet(text, words):
    """The piece of a text around the first word that stands in it, else its beginning."""
    places = _places(_letters(text), words) or _heard(_letters(text[:200]), words)
    first = min(places, default=0)
    start = max(0, first - BEFORE) if first + LENGTH // 2 > LENGTH else 0
    end = min(len(text), start + LENGTH)
    parts = _parts(text, places, start, end)
    if start and parts:
        parts[0] = Part(f"…{parts[0].text}", parts[0].is_marked)
    return [*parts, Part("…", False)] if end < len(text) else parts


def _letters(text):
    """[(letter as it is compared, where it stands)], without what is neither letter nor digit."""
    return [
        (letter, place)
        for place, each in enumerate(text)
        for letter in unicodedata.normalize("NFKC", each).casefold()
        if letter.isalnum()
    ]


def _places(letters, words):
    """Where words stand as they were typed."""
    row, places = "".join(letter for letter, _ in letters), set()
    for word in words:
        start = row.find(word.text)
        while start >= 0:
            places.update(place for _, place in letters[start : start + len(word.text)])
            start = row.find(word.text, start + 1)
    return places


def _heard(letters, words):
    """Where words are heard, or read by their initials."""
    sounds, places = syllables("".join(letter for letter, _ in letters)), set()
    initials = "".join(sound[0] for sound in sounds)
    for word in words:
        for reading in word.readings:
            for start in range(len(sounds) - len(reading) + 1):
                if _sounds_so(reading, sounds[start : start + len(reading)]):
                    places.update(place for _, place in letters[start : start + len(reading)])
        if len(word.letters) > 1 and (start := initials.find(word.letters)) >= 0:
            places.update(place for _, place in letters[start : start + len(word.letters)])
    return places


def _sounds_so(reading, sounds):
    return all(
        sound == part if whole else sound.startswith(part) for (part, whole), sound in zip(reading, sounds, strict=True)
    )


def _parts(text, places, start, end):
    parts = []
    for place in range(start, end):
        is_marked = place in places
        if parts and parts[-1].is_marked == is_marked:
            parts[-1] = Part(parts[-1].text + text[place], is_marked)
        else:
            parts.append(Part(text[place], is_marked))
    return parts
