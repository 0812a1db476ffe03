"""How fast the portal is beside Django's own floor: `make bench`, or `python -m tests.benchmarks.site`.

On SQLite and on a PostgreSQL of its own, at the demo's size and at a hundred times its rows, it serves the portal by
gunicorn and asks pages of it, each block of requests right after one that asks for a bare Django response. What
counts are ratios to that one: a slow or busy machine is slow for both. `new address` is a page that is not in the page
cache yet, at an address nobody asked before, with the pieces at hand that its other addresses have left; `stored` is
out of the page cache. `cpu ×` is the processor time of the workers (not of PostgreSQL) for one request as a multiple
of the bare response's; `speed` is requests a second as a part of the bare response's, with four readers.
docs/performance.md keeps what was measured last; what got worse since by more than `TOLERANCE` is named, and ends the
run with 1.

DATABASES=sqlite,postgresql SCALES=1,100 SECONDS=0.7 ROUNDS=3 PAGES= (a part of a page's name) IMPORT=1 are the options;
KEEP=1 writes the measured table into docs/performance.md.
"""

import gzip
import json
import os
import platform
import re
import secrets
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import django

from tests.benchmarks.site_load import ask, measure, request, served

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/performance.md"
TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)
HEADS = ("database", "rows", "page", "cpu ×", "speed", "p50 ×", "p50 ms", "p99 ms", "queries", "HTML", "gzip")
OK, FOUND = 200, 302
WARMING = 4  # requests of each address before a block: what its pages are made of is at hand in each worker
TOLERANCE = 0.30  # of a ratio, between two runs on a machine with other work to do
STAFF = "(admin)"
number = count(1)


def option(name, default):
    return os.environ.get(name) or default


SECONDS, ROUNDS = float(option("SECONDS", 0.7)), int(option("ROUNDS", 3))


def write(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def program(environment, *arguments, **options):
    """Run a program of the portal in this environment."""
    return subprocess.run([sys.executable, *arguments], env=os.environ | environment, check=True, **options)


def fresh(address):
    """The address as nobody has asked it before."""
    return f"{address}{'&' if '?' in address else '?'}fresh={next(number)}"


def somebody():
    """A reader of an address of their own, or the limits for one address would end the measuring."""
    each = next(number)
    return f"X-Forwarded-For: 10.{each & 255}.{each >> 8 & 255}.{each >> 16}"


class Wanted(NamedTuple):
    """What is measured: how its next request is made, what it answers, its questions to the database, how many
    addresses take their turns.
    """

    asked: Callable[[], bytes]
    answer: int
    queries: int | str
    addresses: int = 1


def requests(told):
    """{what it is called: Wanted}"""
    found = {}
    for name, page in told["pages"].items():
        some = cycle(page["addresses"])
        if name.endswith(STAFF):
            found[name] = Wanted(partial(logged_in, told["cookie"], some), OK, page["queries"])
            continue
        found[f"{name}, new address"] = Wanted(partial(new, some), OK, page["queries"], len(page["addresses"]))
        if name != "search":  # which is stored nowhere
            found[f"{name}, stored"] = Wanted(partial(request, page["addresses"][0]), OK, 0)
    found["sign-up, sent"] = Wanted(partial(signed_up, told, cycle(told["sign_up"])), FOUND, "")
    return {name: each for name, each in found.items() if option("PAGES", "") in name}


def new(addresses):
    return request(fresh(next(addresses)), headers=(somebody(),))


def logged_in(cookie, addresses):
    return request(next(addresses), headers=(f"Cookie: {cookie}",))


def signed_up(told, activities):
    """A form as somebody sends it."""
    token = secrets.token_hex(16)
    filled_in = {
        "name": "示例邻居",
        "telephone": f"199{next(number):08d}",
        "consent": "on",
        "made_at": told["made_at"],
        "form_key": secrets.token_hex(16),
        "csrfmiddlewaretoken": token,
    }
    headers = (f"Cookie: {told['csrf']}={token}", somebody())
    return request(next(activities), headers=headers, body=urlencode(filled_in).encode())


def sizes(port, asked):
    """(bytes of the body, bytes of it compressed)"""
    body = ask(port, asked)[2]
    return len(body), len(gzip.compress(body, 6, mtime=0))


def beside_the_floor(floor, portal, told):
    """{what: row of figures}, each the middle one of the rounds; the floor is measured right before each."""
    wanted, blocks, failed = requests(told), defaultdict(list), []
    for _round in range(ROUNDS):
        for name, each in wanted.items():
            bare = measure(floor, partial(request, "/bare"), SECONDS / 2)
            for _time in range(WARMING * each.addresses):
                ask(portal[0], each.asked())
            found = measure(portal, each.asked, SECONDS, expected=each.answer)
            failed += [name] * bool(found.failed or bare.failed)
            blocks[name].append((bare, found))
    if failed:
        raise SystemExit(f"Answered otherwise than expected: {', '.join(sorted(set(failed)))}")
    return {
        name: row(blocks[name], each.queries, sizes(portal[0], each.asked()) if each.answer == OK else (0, 0))
        for name, each in wanted.items()
    }


def row(blocks, queries, size):
    def middle(figure):
        return median(figure(bare, found) for bare, found in blocks)

    return {
        "cpu ×": middle(lambda bare, found: found.cpu / bare.cpu),
        "speed": middle(lambda bare, found: found.rate / bare.rate),
        "p50 ×": middle(lambda bare, found: found.p50 / bare.p50),
        "p50 ms": middle(lambda _, found: found.p50),
        "p99 ms": middle(lambda _, found: found.p99),
        "queries": queries,
        "HTML": size[0],
        "gzip": size[1],
    }


def measured(folder, database):
    """{(database, rows, what): row} of this database, at every size asked for."""
    portal = {
        "DEMO": "1", "HTTPS": "0", "ENV_FILE": os.devnull, "DATA_DIR": str(folder), "TRUSTED_PROXIES": "127.0.0.1",
        "SECRET_KEY": secrets.token_hex(32), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    program(portal, "manage.py", "prepare", stdout=subprocess.DEVNULL)
    found, grown = {}, 1
    for scale in sorted(int(each) for each in option("SCALES", "1,100").split(",")):
        if scale > grown:
            program(portal, "-m", "tests.benchmarks.site_growth", str(scale))
            grown = scale
        told = json.loads(program(portal, "-m", "tests.benchmarks.site_pages", stdout=subprocess.PIPE).stdout)
        floor_at = served("tests.benchmarks.site_floor", portal, "/bare", "--worker-class", "sync", "--threads", "1")
        portal_at = served("config.wsgi", portal, "/healthz")
        with floor_at as floor, portal_at as running:
            rows = beside_the_floor(floor, running, told)
            if database == "sqlite" and scale == 1:
                rows = {"Django's own page (d)": ordinary(floor)} | rows
        for name, figures in rows.items():
            found[database, f"×{scale}", name] = figures
            write(line((database, f"×{scale}", name), figures))
    if option("IMPORT", "1") == "1":
        said = program({}, "-m", "tests.benchmarks.register_import", stdout=subprocess.PIPE, text=True).stdout
        write(f"{database}: {re.search('new members, upload.*', said)[0]} (less than 30 s is wanted)")
        write(f"{database}: {re.search('times longer.*', said)[0]} than bulk_create alone")
    return found, told["database"]


def ordinary(floor):
    """An ordinary uncached page of Django's default stack, measured like all others."""
    asked = partial(request, "/rows")
    blocks = [
        (measure(floor, partial(request, "/bare"), SECONDS / 2), measure(floor, asked, SECONDS))
        for _round in range(ROUNDS)
    ]
    return row(blocks, 1, sizes(floor[0], asked()))


def on_postgresql(folder):
    """The same in a process of its own, whose database is thrown away afterwards."""
    kept = Path(folder, "postgresql.json")
    environment = os.environ | {"DATABASES": "here", "FOUND": str(kept), "DATA_DIR": str(folder)}
    subprocess.run([".ci/postgres", sys.executable, "-m", "tests.benchmarks.site"], env=environment, check=True)
    rows, version = json.loads(kept.read_text())
    return {tuple(key): figures for key, figures in rows}, version


def said(figures):
    """The figures as they are printed and kept."""
    return [
        *(f"{figures[head]:.2f}" for head in ("cpu ×",)),
        f"{figures['speed']:.3f}",
        *(f"{figures[head]:.1f}" for head in ("p50 ×", "p50 ms", "p99 ms")),
        *(str(figures[head]) for head in ("queries", "HTML", "gzip")),
    ]


def line(key, figures):
    return f"| {' | '.join([*key, *said(figures)])} |"


def table(found):
    head = f"| {' | '.join(HEADS)} |\n|{'---|' * 3}{'--:|' * (len(HEADS) - 3)}"
    return "\n".join([head, *(line(key, figures) for key, figures in found.items()), ""])


def kept():
    """{(database, rows, what): {head: figure}} as docs/performance.md keeps it."""
    lines = [line for line in TABLE.search(DOCUMENT.read_text())[0].splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {tuple(cells[:3]): dict(zip(HEADS[3:], cells[3:], strict=True)) for cells in rows}


def worse(found):
    """What got worse than what is kept, in words: ratios alone, and the questions to the database."""
    for key, before in kept().items():
        if now := found.get(key):
            if now["cpu ×"] > float(before["cpu ×"]) * (1 + TOLERANCE):
                yield f"{' '.join(key)}: cpu × {before['cpu ×']} → {now['cpu ×']:.2f}"
            if now["speed"] < float(before["speed"]) / (1 + TOLERANCE) and now["cpu ×"] > float(before["cpu ×"]):
                yield f"{' '.join(key)}: speed {before['speed']} → {now['speed']:.3f}"
            if before["queries"] and now["queries"] > int(before["queries"]):
                yield f"{' '.join(key)}: questions {before['queries']} → {now['queries']}"


def goals(found):
    """The goals of the table in docs/performance.md that are counted in ratios: (words, figure, goal, reached)."""
    own = found.get(("sqlite", "×1", "Django's own page (d)"))
    for (database, scale, name), now in found.items():
        where = f"{database} {scale} {name}"
        if name.endswith("stored"):
            yield where, "speed", now["speed"], 0.60, now["speed"] >= 0.60
            yield where, "cpu ×", now["cpu ×"], 1.8, now["cpu ×"] <= 1.8
        limit = {"list of homes, new address": 1.2, "a home, new address": 0.8, "an activity, new address": 0.8}.get(
            name
        )
        if own and limit and scale == "×1":
            times = now["cpu ×"] / own["cpu ×"]
            yield where, "cpu ÷ (d)", times, limit, times <= limit
        one = found.get((database, "×1", name))
        if scale != "×1" and one and (name.endswith(STAFF) or ("list" in name and "new" in name)):
            times = now["cpu ×"] / one["cpu ×"]
            yield where, "cpu ÷ that at ×1", times, 1.15, times <= 1.15


def machine(versions):
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, Django {django.__version__}, "
        f"{', '.join(versions)}; {ROUNDS} rounds of {SECONDS:g} s."
    )


def main():
    if here := os.environ.get("FOUND"):
        rows, version = measured(os.environ["DATA_DIR"], "postgresql")
        Path(here).write_text(json.dumps([list(rows.items()), version]))
        return 0
    found, versions = {}, []
    write(f"| {' | '.join(HEADS)} |")
    for database in option("DATABASES", "sqlite,postgresql").split(","):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            rows, version = on_postgresql(folder) if database == "postgresql" else measured(folder, database)
        found |= rows
        versions.append(version)
    write(f"\n{machine(versions)}\n\nGoals:")
    for words, what, figure, goal, reached in goals(found):
        write(f"{words:<56}{what:<18}{figure:>8.2f}   goal {goal:g}{'' if reached else '   missed'}")
    if os.environ.get("KEEP") == "1":
        text = DOCUMENT.read_text()
        DOCUMENT.write_text(TABLE.sub(lambda _: f"{machine(versions)}\n\n{table(found)}", text))
        return 0
    worst = list(worse(found))
    write("\nWorse than docs/performance.md keeps:" if worst else "\nNothing is worse than docs/performance.md keeps.")
    write("\n".join(worst))
    return bool(worst)


if __name__ == "__main__":
    sys.exit(main())
