"""The samples of the register: branches and their places, enterprises, members and the care for them.

Everything is plainly invented: 示例 is in every name, the numbers cannot ring. The samples come in blocks of the
district's own size; block 0 is the first. What a sample says depends on its block, its number and the day it is loaded.
A block that was ever loaded is never touched again, so a second run changes nothing, and a larger scale only adds.
"""

from dataclasses import dataclass

from simple_history.utils import bulk_create_with_history

from branches.demo_care import look_after
from branches.demo_members import enrol
from branches.demo_places import settle
from branches.demo_words import ENTERPRISES, MEMBERS, REASON
from branches.models import Branch


@dataclass(frozen=True)
class Size:
    """How much of each a block holds; the real size of the district unless told otherwise."""

    members: int = 6995
    enterprises: int = 214
    compounds: int = 250
    buildings: int = 5000
    branches_a_seat: int = 2

    def __post_init__(self):
        if self.members > MEMBERS or self.enterprises > ENTERPRISES:
            raise ValueError("There are not so many invented names and numbers.")


def load_block(block, seats, arrivals, *, size):
    """Bring block number `block` in, with branches for each of `seats`; return its `Places`, None if it is there."""
    if not seats or Branch.history.filter(slug=f"sample-{block}-01").exists():
        return None

    def keep(rows):
        """Save unsaved rows of one model, each with the first row of its history."""
        if rows:
            model = type(rows[0])
            bulk_create_with_history(rows, model, batch_size=500, default_change_reason=REASON)
            arrivals.created[model._meta.verbose_name] += len(rows)
        return rows

    places = settle(block, seats, size, keep)
    enrolled = enrol(block, places, size, keep, arrivals)
    look_after(block, enrolled, keep, arrivals)
    return places
