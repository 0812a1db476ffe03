"""Streets as arrays: what is read from an extract, and what a network is built of."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

FORWARD, BACKWARD, STEPS = 1, 2, 4  # bits of `walked`
FIXED = 10_000_000  # positions are whole ten-millionths of a degree, as OpenStreetMap keeps them


class ExtractError(Exception):
    """A file that gives no streets, with a sentence for the person who chose it."""


@dataclass(frozen=True, eq=False)
class Streets:
    """Nodes, and the straight pieces of street between them."""

    nodes: np.ndarray  # (n, 2) int32: longitude and latitude, × FIXED
    stops: np.ndarray  # (n,) bool: nobody gets through here
    ends: np.ndarray  # (m, 2) int32: the nodes at both ends of a piece
    walked: np.ndarray  # (m,) uint8: FORWARD, BACKWARD and STEPS
    street: np.ndarray  # (m,) int32: which of the names
    names: list[str]  # the first is empty
    source_date: datetime | None
    checksum: str  # SHA-256 of the file
