"""Whichever source of walking metres is in use: the imported streets, or else the estimate.

A source has `kind`, `metres(origins, places, limit)` and `reaches(origin, limits)`, as homes/circles/estimate.py
tells them.
"""

import logging
from decimal import Decimal
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db.models import F

from homes.circles.estimate import Estimate
from homes.circles.pace import STORED
from homes.models import ServiceCircle, StreetNetwork

log = logging.getLogger(__name__)

RETRY_SECONDS = 60
ATTRIBUTION = "© OpenStreetMap 贡献者，ODbL"  # beside whatever was found on its streets

_opened = {}  # {name of its file: a network}: the last one stays open, for reading it takes a while
_unreadable = {}  # {name of a file: when it is tried again}


class Source(NamedTuple):
    """What measures walks, and what is written down about it: the row of its network, or the factor."""

    walks: object
    network: StreetNetwork | None
    factor: Decimal | None

    @property
    def is_estimate(self):
        return self.network is None

    @property
    def written(self):
        return {"network": self.network, "factor": self.factor}

    def streets_near(self, point):
        """Lines of [longitude, latitude] to draw beneath a circle; none where there is only an estimate."""
        return [] if self.is_estimate else self.walks.streets_near(point, STORED)


def source():
    """The source in use. Where the file of the network cannot be read, the estimate: it says so wherever it shows."""
    network = StreetNetwork.objects.in_use()
    if network is not None and (walks := _open(network)) is not None:
        return Source(walks, network, None)
    factor = round(settings.WALK_FACTOR, 2)  # as it is kept
    return Source(Estimate(factor), None, Decimal(str(factor)))


def basis(found):
    """By what a `Source`, or a circle, found its walks: stands beside every figure of a sheet."""
    if found.is_estimate:
        return f"估算：直线距离×{float(found.factor):g}"
    return f"按路网：{found.network}，{ATTRIBUTION}"


def kept():
    """The circle that says by what the walks that are kept were found; None where there are none.

    While some are estimates, as in the middle of an import, it is one of those: nothing may be called measured then.
    """
    circles = ServiceCircle.objects.select_related("network").defer("outlines", "streets")
    return circles.order_by(F("factor").desc(nulls_last=True), "pk").first()


def like_kept():
    """The source in use, or the estimate that is kept: for walks that are counted together with those."""
    circle = kept()
    if circle and circle.is_estimate:
        return Source(Estimate(float(circle.factor)), None, circle.factor)
    return source()


def _open(row):
    name = row.file.name
    if monotonic() < _unreadable.get(name, 0):
        return None
    if name not in _opened:
        from homes.circles.network import Network  # noqa: PLC0415 - large, and not needed by estimates
        from homes.circles.network_file import NetworkError  # noqa: PLC0415

        try:
            with row.file.open() as file:
                network = Network.load(file)
        except (OSError, NetworkError):
            log.exception("The street network %s cannot be read; walks are estimated.", row.pk)
            _unreadable[name] = monotonic() + RETRY_SECONDS
            return None
        _opened.clear()
        _opened[name] = network
    return _opened[name]
