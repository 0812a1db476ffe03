"""Where the samples of the register meet, and which sample themes came with the enterprises."""

from simple_history.utils import bulk_create_with_history

from branches.coordinates import metres_between
from branches.demo import load_block
from branches.demo_places import Seat
from branches.demo_words import REASON
from branches.loading import load_care_classes
from branches.models import CareClass, Division
from homes.loading import by_slug
from homes.models import Home, HostedBranch, Theme

ENTERPRISES_A_THEME = 8


def load_register(folder, arrivals, listed, numbered, *, scale, size):
    """Bring in as many blocks of the register (branches/demo.py) as the district's homes are there.

    `listed` are the sample homes of the folder, `numbered` those that a larger scale adds, all of them saved.
    """
    if not CareClass.objects.exists():
        load_care_classes(folder, arrivals)
    known = by_slug(Home)
    listed, numbered = ([known[home.slug] for home in homes] for homes in (listed, numbered))
    points = Points(listed)
    _load(0, [(home, home) for home in listed] + _of_named_homes(listed), points, arrivals, size)
    a_block = len(numbered) // (scale - 1) if scale > 1 else 0
    for block in range(1, scale):
        homes = numbered[(block - 1) * a_block : block * a_block]
        _load(block, [(home, home) for home in homes], points, arrivals, size)


def _of_named_homes(listed):
    """[(home that the district has, sample home that lends it a room)]: nothing is added to a real home."""
    named = Home.objects.public().filter(is_sample=False).select_related("division__parent").order_by("pk")
    return [(home, min(listed, key=lambda host: _distance(home, host))) for home in named]


def _distance(home, host):
    if not (home.is_located and host.is_located):
        return float("inf")
    return metres_between((home.longitude, home.latitude), (host.longitude, host.latitude))


class Points:
    """The middle of a home's neighbourhood: its own place, or one of its street, or any that is known."""

    def __init__(self, homes):
        self.known = {}
        for home in homes:
            if home.is_located:
                point = float(home.longitude), float(home.latitude)
                self.known.setdefault(home.street, point)
                self.known.setdefault(None, point)

    def of(self, home):
        if home.is_located:
            return float(home.longitude), float(home.latitude)
        return self.in_street(home.street)

    def in_street(self, street):
        """A place in this street, or any that is known; None where none is."""
        return self.known.get(street) or self.known.get(None)


def _load(block, pairs, points, arrivals, size):
    """One block: branches in the community of each home of `pairs` ((home, host)), meeting in the host's rooms."""
    seats = {}  # (place to answer for, host), one a community
    for home, host in pairs:
        if home.division.level == Division.Level.COMMUNITY:
            seat = Seat(home.division, points.of(home), host.telephone)
            seats.setdefault(home.division_id if block == 0 else len(seats), (seat, host))
    places = load_block(block, [seat for seat, _ in seats.values()], arrivals, size=size)
    if places is None:
        return
    hosts = [host for _, host in seats.values() for _ in range(size.branches_a_seat)]
    rows = [HostedBranch(home=host, branch=each.branch) for host, each in zip(hosts, places.branches, strict=True)]
    bulk_create_with_history(rows, HostedBranch, batch_size=500, default_change_reason=REASON)
    arrivals.created[HostedBranch._meta.verbose_name] += len(rows)
    for turn, theme in enumerate(Theme.objects.filter(is_sample=True).order_by("order", "pk")):
        theme.enterprises.add(*places.enterprises[turn * ENTERPRISES_A_THEME : (turn + 1) * ENTERPRISES_A_THEME])
