"""How long the import of a whole register takes: `python -m tests.benchmarks.register_import [ROWS]`.

Brings ROWS (6,995) new members in by a sheet, then a sheet that changes each of them, on a throwaway database: SQLite,
or PostgreSQL under `.ci/postgres`. For every step it prints seconds by the clock, seconds of the processor (the child
that reads the workbook among them), the longest time the transaction was open, and the most memory so far; then what a
plain `bulk_create` of the same rows, without histories, events or checks, takes, and how many
times longer the import is.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

os.environ |= {"DEMO": "1", "ENV_FILE": os.devnull, "CACHE_URL": "locmemcache://benchmark"}
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

ROWS = 6995


def processor():
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(what, act):
    """Do it, print what it took, and return (what it gives, seconds)."""
    began, worked = time.perf_counter(), processor()
    result = act()
    seconds = time.perf_counter() - began
    own, child = (getrusage(who).ru_maxrss / 1024 for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    spent = f"{seconds:6.1f} s {processor() - worked:6.1f} s processor {own:5.0f} MB, child {child:.0f} MB"
    sys.stdout.write(f"{what:<42}{spent}\n")
    sys.stdout.flush()
    return result, seconds


def new_rows(count):
    """Rows of people nobody knows yet, spread over the branches, compounds, buildings and groups there are."""
    from branches.membership import answers_for  # noqa: PLC0415 - once Django is set up
    from branches.models import Building, Enterprise, PartyGroup  # noqa: PLC0415
    from branches.register_scope import COLUMNS  # noqa: PLC0415

    buildings = list(Building.objects.filter(is_archived=False).select_related("compound__division__parent"))
    groups = list(PartyGroup.objects.filter(is_archived=False).select_related("branch"))
    enterprises = list(Enterprise.objects.filter(is_archived=False).values_list("name", flat=True))
    own = {group.branch_id: set(group.branch.compounds.values_list("pk", flat=True)) for group in groups}
    near = [
        (group, building)
        for group in groups
        for building in buildings
        if answers_for(group.branch, building.compound, own[group.branch_id])
    ]
    for number in range(count):
        group, building = near[number % len(near)]
        told = {
            "姓名": f"示例{number:05d}",
            "出生年份": str(1930 + number % 40),
            "入党日期": f"{1955 + number % 40}-07-01",
            "支部": group.branch.name,
            "党小组": group.name,
            "小区": building.compound.name,
            "楼栋": building.name,
            "原企业": enterprises[number % len(enterprises)],
            "组织关系所在单位": "示例机械厂离退休党总支",
            "电话": f"100{number:08d}",
            "地址": f"示例路{number}号",
            "联系人": f"女儿 101{number:08d}",
            "需要上门": "是" if number % 7 == 0 else "否",
        }
        yield [told.get(column, "") for column in COLUMNS]


def bring_in(user, content):
    """What the page does with an upload and its confirmation; returns the seconds all of it took."""
    from branches import register_writing  # noqa: PLC0415
    from branches.access import Action  # noqa: PLC0415
    from branches.register_scope import Register  # noqa: PLC0415
    from branches.register_sheet import MAX_ROWS, plan  # noqa: PLC0415
    from config.spreadsheet import read_rows  # noqa: PLC0415

    rows, reading = measured("  read the workbook", lambda: read_rows(content, max_rows=MAX_ROWS))
    rows = [(row.number, row.cells) for row in rows]
    wanted, comparing = measured("  compare and preview", lambda: plan(Register(user, Action.IMPORT), rows))
    if wanted.problems:
        raise SystemExit(f"{len(wanted.problems)} problems, the first: {wanted.problems[0]}")
    digest = wanted.digest()
    del wanted
    with Transactions() as open_for:
        _, writing = measured("  write", lambda: list(register_writing.write(user, rows, digest)))
    sys.stdout.write(f"{'    the transaction was open for':<42}{open_for.longest:6.1f} s\n")
    return reading + comparing + writing


class Transactions:
    """The longest that a transaction of this process was open meanwhile."""

    def __enter__(self):
        from django.db import connection  # noqa: PLC0415

        self.longest, self.began = 0, None
        self.connection, self.set_autocommit = connection, connection.set_autocommit
        connection.set_autocommit = self.switch
        return self

    def switch(self, autocommit, *arguments, **options):
        self.set_autocommit(autocommit, *arguments, **options)
        if not autocommit:
            self.began = time.perf_counter()
        elif self.began is not None:
            self.longest, self.began = max(self.longest, time.perf_counter() - self.began), None

    def __exit__(self, *error):
        del self.connection.set_autocommit


def plainly(count):
    """The same rows by `bulk_create` alone, in one transaction."""
    from django.db import transaction  # noqa: PLC0415

    from branches.models import CommunityMembership, GroupPlacement, Member  # noqa: PLC0415

    new = Member.objects.filter(name__startswith="示例0").order_by("-pk")[:count]
    members = list(new)
    stays = {each.member_id: each for each in CommunityMembership.objects.filter(member__in=members)}
    groups = dict(GroupPlacement.objects.values_list("membership", "group"))

    def create():
        with transaction.atomic():
            told = [(member, stays[member.pk], groups[stays[member.pk].pk]) for member in members]
            for member, stay, _group in told:
                member.pk = stay.pk = None
                stay.member = member
            Member.objects.bulk_create(members)
            for _member, stay, _group in told:
                stay.member_id = stay.member.pk
            CommunityMembership.objects.bulk_create([stay for _, stay, _ in told])
            GroupPlacement.objects.bulk_create(
                GroupPlacement(membership=stay, group_id=group, since=stay.since) for _, stay, group in told
            )

    return measured("the same by bulk_create alone", create)[1]


def main(count):
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["DATA_DIR"], "benchmark.sqlite3"))
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        from branches.models import Member, User  # noqa: PLC0415
        from branches.register_export import notes  # noqa: PLC0415
        from branches.register_scope import COLUMNS  # noqa: PLC0415
        from config.spreadsheet import workbook  # noqa: PLC0415
        from tests.stage import load_samples  # noqa: PLC0415

        sys.stdout.write(f"{connection.vendor}, {count} rows\n")
        load_samples()
        user = User.objects.create_superuser("benchmark", name="测速")
        rows = list(new_rows(count))
        content, _ = measured("make the sheet", lambda: workbook("党员名册", COLUMNS, rows, notes(user)))
        took = bring_in(user, content)
        assert Member.objects.filter(name__startswith="示例").count() >= count
        sys.stdout.write(f"{'new members, upload and confirmation':<42}{took:6.1f} s\n")
        for row in rows:
            row[COLUMNS.index("联系人")] = "儿子 10200000000"
        changed = bring_in(user, workbook("党员名册", COLUMNS, rows))
        sys.stdout.write(f"{'changed members, upload and confirmation':<42}{changed:6.1f} s\n")
        plain = plainly(count)
        sys.stdout.write(f"{'times longer':<42}{took / plain:6.1f}\n")
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ["DATA_DIR"] = folder
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
