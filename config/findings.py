"""What is the matter with the site, found in one place for all who ask.

A check looks at one thing and answers with a `Finding`, or several: how bad it is, what is so, and what to do about it,
in words for the technician. `/readyz` asks those that say whether pages can be served at all, `manage.py alert` those
that somebody must hear of, the page `/desk/health/` all that look at this site, `manage.py doctor` those of its
deployment too. No finding tells anything about a person.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from django.db import DatabaseError


class Level(IntEnum):
    FINE = 0
    LOOK = 1
    WRONG = 2

    @property
    def word(self):
        return ("正常", "留意", "要处理")[self]


@dataclass(frozen=True)
class Finding:
    """What one check found. `event`: it happened, and is never over."""

    level: Level
    said: str
    todo: str = ""
    key: str = ""  # where a check may find several
    event: bool = False
    name: str = ""  # of its check


@dataclass(frozen=True)
class Check:
    """`ready`: without it no page can be served. `alert`: somebody is told. `deployment`: not for `/desk/health/`."""

    key: str
    name: str
    look: callable
    ready: bool = False
    alert: bool = False
    deployment: bool = False


CHECKS = {}


def check(key, name, **kinds):
    """Register a function as a check: it returns a finding or yields several. One for the doctor may take long."""

    def register(look):
        CHECKS[key] = Check(key, name, look, **kinds)
        return look

    return register


def fine(said):
    return Finding(Level.FINE, said)


def look_at(said, todo, **more):
    return Finding(Level.LOOK, said, todo, **more)


def wrong(said, todo, **more):
    return Finding(Level.WRONG, said, todo, **more)


class CannotLookError(Exception):
    """A check could not find out."""


def findings(check):
    """What a check finds, as a list. CannotLookError where the database is away: that is a finding of its own."""
    try:
        found = check.look()
        found = [found] if isinstance(found, Finding) else list(found)
    except DatabaseError as error:
        raise CannotLookError from error
    return [replace(each, name=check.name, key=f"{check.key}:{each.key}" if each.key else check.key) for each in found]


def examined(checks):
    """The findings of these checks, the worst first."""
    found = []
    for each in checks:
        try:
            found += findings(each)
        except CannotLookError:
            todo = "先看“数据库”这一项，好了再查一遍。"
            found.append(Finding(Level.LOOK, "数据库没有回答，这一项没有查成。", todo, key=each.key, name=each.name))
    return sorted(found, key=lambda finding: -finding.level)


def of_kind(*kinds):
    """The checks of one of these kinds: "ready", "alert", "deployment"."""
    return [check for check in CHECKS.values() if any(getattr(check, kind) for kind in kinds)]


def of_the_site():
    """All but those that only the doctor makes."""
    return [check for check in CHECKS.values() if not check.deployment]
