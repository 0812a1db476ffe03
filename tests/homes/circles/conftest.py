"""The test town, read and built once."""

import pytest

from homes.circles import extract
from homes.circles.network import Network
from tests.homes.circles import town


@pytest.fixture(scope="session")
def town_file(tmp_path_factory):
    return town.write(tmp_path_factory.mktemp("town") / "town.osm.pbf")


@pytest.fixture(scope="session")
def town_network(town_file):
    return Network.build(extract.read(town_file))


@pytest.fixture
def network_of(tmp_path):
    """Make a network of the ways on a `town.Paper`."""
    return lambda paper: Network.build(extract.read(paper.write(tmp_path / "paper.osm.pbf")))
