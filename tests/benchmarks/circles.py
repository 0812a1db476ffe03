"""Whether the circles reach their figures: `make bench-circles`, or `python -m tests.benchmarks.circles [FILE]`.

Prints every acceptance figure of docs/circles.md beside its target: on the test town, whose walks are known, and on a
real extract (.osm.pbf) – FILE, or STREETS, or the one beside the repository. What takes memory runs in a process
of its own. Ends with 1 where a target is missed, or where there is no real extract to measure on.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
import shapely

from branches.coordinates import Datum, from_wgs84, metres_between, to_wgs84
from homes.circles.pace import BANDS, CIRCLE_MINUTES, LIMITS, PACES, STORED, USUAL
from tests.benchmarks import circles_siting
from tests.homes.circles import agreement, town

BESIDE = Path(__file__).resolve().parents[3] / "shared/data/streets/porto-alegre.osm.pbf"
HOMES, PLACES = 29, 5000


class Table:
    """What is printed, and whether all of it was reached."""

    def __init__(self):
        self.missed = 0

    def head(self, words):
        self.write(f"\n{words}\n")

    def line(self, words, value, most=None, unit="", digits=2):
        reached = most is None or value <= most
        self.missed += not reached
        target = "" if most is None else f"≤ {most:g} {unit}"
        self.write(f"{words:<72}{value:>10.{digits}f} {unit:<6}{target:<14}{'' if reached else 'MISSED'}\n")

    @staticmethod
    def write(words):
        sys.stdout.write(words)
        sys.stdout.flush()


def alone(act, *arguments):
    """(what `act` returns, the most MB it took), in a process that nothing else has grown."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (act, *arguments))


def _measured(act, *arguments):
    return act(*arguments), getrusage(RUSAGE_SELF).ru_maxrss / 1024


def seconds(act):
    """(seconds it took, what it returns)."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def imported(extract_file, network_file):
    """Seconds that an import takes; writes the network."""
    from homes.circles import extract  # noqa: PLC0415 - in the process that is measured
    from homes.circles.network import Network  # noqa: PLC0415

    return seconds(lambda: Network.build(extract.read(extract_file)).save(network_file))[0]


def walked(network_file):
    """Seconds for 29 homes × 5,000 places, from the file to the last walk."""
    from homes.circles.network import Network  # noqa: PLC0415

    network = Network.load(network_file)
    homes, places = sites(network)
    return seconds(lambda: sum(1 for _ in network.metres(homes, places, STORED)))[0]


def moved(network_file):
    """Seconds for a home that moved: network, its walks there and back, its outlines."""
    from homes.circles.network import Network  # noqa: PLC0415

    homes, places = sites(Network.load(network_file))

    def again():
        network = Network.load(network_file)
        list(network.metres(homes[:1], places, STORED))
        list(network.metres(homes, homes[:1], STORED))
        network.reaches(homes[0], LIMITS)

    return seconds(again)[0]


def sites(network):
    """Homes and places beside streets."""
    return agreement.beside_streets(network, HOMES, 1), agreement.beside_streets(network, PLACES, 2)


def speed_and_memory(table, extract_file, folder):
    network_file = Path(folder, "network.npz")
    took, memory = alone(imported, extract_file, network_file)
    table.line("import", took, unit="s")
    table.line("import, memory", memory, unit="MB", digits=0)
    table.line("network file", network_file.stat().st_size / 1024, unit="KB", digits=0)
    took, memory = alone(walked, network_file)
    table.line(f"4  {HOMES} homes × {PLACES} places", took, 5, "s")
    table.line(f"4  {HOMES} homes × {PLACES} places, memory", memory, 300, "MB", digits=0)
    took, _ = alone(moved, network_file)
    table.line("4  one home moved: walks and outlines, the network read anew", took, 1, "s")
    return network_file


def nearest_and_outlines(table, network):
    homes, places = sites(network)
    took = [1000 * seconds(lambda place=place: network.nearest(place, homes, 3))[0] for place in places[:400]]
    table.line("4  nearest home, median", np.median(took), unit="ms")
    table.line("4  nearest home, p95", np.quantile(took, 0.95), 100, "ms")
    took = [1000 * seconds(lambda home=home: network.reaches(home, LIMITS))[0] for home in homes]
    table.line(f"   {len(LIMITS)} outlines of a home, median", np.median(took), unit="ms")
    table.line(f"   {len(LIMITS)} outlines of a home, most", max(took), unit="ms")


def always(table, network):
    """What must hold between outlines, paces and directions."""
    homes, places = sites(network)
    limits = [USUAL.metres(minutes) for minutes in (*BANDS, 20)]
    outside = 0
    for home in homes:
        outlines = [shapely.geometry.shape(each) for each in network.reaches(home, limits).values()]
        pairs = pairwise(outlines)
        outside += sum(not less.difference(more.buffer(2e-6)).is_empty for less, more in pairs)
    table.line("2  outlines of 5, 10, 15, 20 minutes that do not lie in the next", outside, 0, digits=0)
    within = [{pair[:2] for pair in network.metres(homes, places[:1000], pace.metres())} for pace in PACES]
    lost = len(within[0] - within[1]) + len(within[1] - within[2])
    table.line("2  places that a higher pace removes", lost, 0, digits=0)
    told = {pair[:2]: pair[2] for pair in network.metres(places[:300], places[:300], STORED)}
    apart = max((abs(metres - told.get(pair[::-1], metres)) for pair, metres in told.items()), default=0)
    table.line("2  A→B and B→A apart at most", apart / USUAL.speed / 60, 0.05, "min", digits=3)


def on_the_town(table, folder):
    from homes.circles.network import Network  # noqa: PLC0415

    table.head("The test town (3 × 3 km of streets, a river, one bridge to walk on)")
    network = Network.load(speed_and_memory(table, town.write(Path(folder, "town.osm.pbf")), folder))
    found = agreement.with_truth(network, HOMES, 1500)
    table.line("1  minutes: mean error", found.mean_error, 0.25, "min", digits=3)
    table.line("1  minutes: error, p95", found.late_error, 0.60, "min", digits=3)
    table.line(f"1  on the wrong side of {CIRCLE_MINUTES} minutes, outside ±0.75 min", found.wrong_side, 0, digits=0)
    table.line("1  places unanswered", found.unanswered, 0, digits=0)
    table.line("1  outline: places within the walk that it misses", 100 * found.missed, 2, "%")
    table.line("1  outline: places in it that are farther", 100 * found.over, 3, "%")
    table.line("1  outline: places across the river that are farther", found.across_the_river, 0, digits=0)
    homes, places = town.somewhere(HOMES, 21), town.somewhere(500, 22)
    doors = [town.degrees(*home) for home in homes]
    wrong = 0
    for place in places:
        ((home, _),) = network.nearest(town.degrees(*place), doors, 1)
        wrong += town.walk(place, homes[home]) > min(town.walk(place, home) for home in homes) + 1
    table.line("1  nearest home wrong, of 500", wrong, 0, digits=0)
    always(table, network)
    nearest_and_outlines(table, network)


def on_real_streets(table, path, folder):
    from homes.circles.network import Network  # noqa: PLC0415

    table.head(f"Real streets: {path}")
    network = Network.load(speed_and_memory(table, path, folder))
    table.line("   nodes of the network", len(network.nodes), digits=0)
    table.line("   streets", network.lengths.sum() / 1000, unit="km", digits=0)
    homes = agreement.beside_streets(network, HOMES, 1)
    # buildings stand beside their streets: the target is for these; how it is farther away is told, too
    for most, target in ((30, 1), (60, None), (100, None)):
        asked, disagreed = agreement.of_outlines(network, homes, agreement.beside_streets(network, PLACES, 2, most))
        words = f"3  outline against metres, places up to {most} m from a street, {asked} pairs"
        table.line(words, 100 * disagreed / asked, target, "%")
    apart = agreement.with_reference(network, homes[:8], agreement.beside_streets(network, 12, 3))
    table.line("   96 walks against a Dijkstra by hand: apart at most", apart, 1, "m")
    always(table, network)
    nearest_and_outlines(table, network)


def siting(table):
    table.head("Siting")
    took, right = circles_siting.siting()
    words = f"5  {circles_siting.MOST} of {circles_siting.SITES} sites for {circles_siting.PLACES} places"
    table.line(words, took, 2, "s")
    table.line("5  answers that differ from brute force", not right, 0, digits=0)


def round_trips(table):
    table.head("Positions")
    dice = np.random.default_rng(5)
    points = dice.uniform((112.9, 27.9), (113.1, 28.3), (500, 2)).tolist()
    for datum in (Datum.GCJ02, Datum.BD09):
        apart = max(metres_between(point, to_wgs84(*from_wgs84(*point, datum), datum)) for point in points)
        table.line(f"6  {datum} and back: apart at most", 100 * apart, 1, "cm", digits=5)


def main(path):
    table = Table()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        on_the_town(table, folder)
        if path.exists():
            on_real_streets(table, path, folder)
        else:
            table.head(f"No real extract at {path}: acceptance 3 and 4 are not measured on real streets.")
            table.missed += 1
        siting(table)
        round_trips(table)
    table.write(f"\n{table.missed} missed\n" if table.missed else "\nall reached\n")
    return table.missed > 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else os.environ.get("STREETS", BESIDE))))
