"""Degrees and metres for many points at once.

Shapes are made on the spherical Mercator plane, where the nearest stays the nearest and a circle a circle; a length
drawn there is `stretch` times as long as on the ground.
"""

import numpy as np

from branches.coordinates import EARTH_RADIUS

LEAST = 0.001  # metres: nothing is shorter, for by nothing one cannot divide, and to scipy it is no way at all
HIGHEST = 85.0  # degrees of latitude: the plane ends before the poles


def on_plane(degrees):
    """Points of the plane for an array of (longitude, latitude); what lies about the poles is brought to its rim."""
    longitude, latitude = np.radians(np.asarray(degrees, dtype=float).reshape(-1, 2)).T
    latitude = np.clip(latitude, -np.radians(HIGHEST), np.radians(HIGHEST))
    return EARTH_RADIUS * np.column_stack((longitude, np.arcsinh(np.tan(latitude))))


def to_degrees(points):
    """The (longitude, latitude) of an array of points of the plane."""
    x, y = np.asarray(points, dtype=float).reshape(-1, 2).T / EARTH_RADIUS
    return np.degrees(np.column_stack((x, np.arctan(np.sinh(y)))))


def stretch(points):
    """How many times longer a short line is drawn at points of the plane than it is."""
    return np.cosh(np.asarray(points, dtype=float)[..., 1] / EARTH_RADIUS)


def metres_apart(first, second):
    """Great-circle metres between the points of two arrays of (longitude, latitude), pair by pair."""
    (east, north), (other_east, other_north) = (np.radians(np.asarray(each, dtype=float)).T for each in (first, second))
    half = np.sin((other_north - north) / 2) ** 2
    half += np.cos(north) * np.cos(other_north) * np.sin((other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))
