"""Loading the homes of a district that are known: their themes, the words for facilities, and what each home offers.

The rules are those of branches/loading.py. A fact that the folder leaves out stays unknown; it is never filled in here.
"""

from datetime import time
from itertools import pairwise

from simple_history.utils import bulk_create_with_history

from branches.coordinates import inside
from branches.data_folder import Record
from branches.loading import REASON
from branches.models import Division
from homes import founding
from homes.models import Facility, Home, HomeFacility, OpeningHours, Standard, Theme

THEME_COLUMNS = ("slug", "name", "mark", "hue")
THEME_TEXTS = ("lead", "story")
STANDARD_COLUMNS = ("section", "name", "hint", "is_required", "order")
HOME_TEXTS = ("lead", "story", "source", "address", "telephone", "directions")
HOME_COLUMNS = ("slug", "name", "host", "division")
HOME_OPTIONAL = ("theme", "position", "facilities", "hours", *HOME_TEXTS, *Home.ACCESSIBILITY)


def load_facilities(folder, arrivals):
    """facilities.csv, if the folder has one."""
    if not folder.has("facilities.csv"):
        return
    known = by_slug(Facility)
    for record in folder.csv("facilities.csv", ("slug", "name", "order"), key=("slug",)):
        slug = record.required("slug")
        values = {"slug": slug, "name": record.required("name"), "order": record.integer("order", default=100)}
        arrivals.bring(record, Facility, known.get(slug), values)
    folder.stop_on_problems()


def load_standards(folder, arrivals):
    """standards.csv, if the folder has one: the lines of the checklist that are known."""
    if not folder.has("standards.csv"):
        return
    rows = {row.pk: row for row in Standard.objects.all()}
    former = Standard.history.values_list("section", "name", "id").order_by("history_date", "history_id")
    known = {(section, name): rows[pk] for section, name, pk in former if pk in rows}
    for record in folder.csv("standards.csv", STANDARD_COLUMNS, key=("section", "name")):
        values = {
            "section": record.one_of("section", Standard.Section),
            "name": record.required("name"),
            "is_required": record.flag("is_required") or False,
            "order": record.integer("order", default=100),
        }
        values |= {"hint": record.text("hint")} if record.has("hint") else {}
        arrivals.bring(record, Standard, known.get((values["section"], values["name"])), values)
    folder.stop_on_problems()


def load_themes(folder, arrivals):
    """themes.toml, if the folder has one."""
    known = by_slug(Theme)
    for record in folder.toml("themes.toml", "theme", THEME_COLUMNS, (*THEME_TEXTS, "order"), key="slug"):
        arrivals.bring(record, Theme, known.get(record.text("slug")), theme_values(record))
    folder.stop_on_problems()


def theme_values(record):
    """The fields of a theme that its record fills."""
    values = {
        "slug": record.required("slug"),
        "name": record.required("name"),
        "mark": record.one_of("mark", Theme.Mark),
        "hue": record.one_of("hue", Theme.Hue),
        "order": record.integer("order", default=100),
    }
    return values | {name: record.text(name) for name in THEME_TEXTS if record.has(name)}


def load_homes(folder, arrivals):
    """homes.toml, if the folder has one: homes in use, published from the start."""
    divisions = {division.code: division for division in Division.objects.select_related("parent")}
    outline = Division.objects.district().outline
    themes, facilities, known = by_slug(Theme), by_slug(Facility), by_slug(Home)
    for record in folder.toml("homes.toml", "home", HOME_COLUMNS, HOME_OPTIONAL, key="slug"):
        values = home_values(record, divisions)
        if record.has("theme"):
            values["theme"] = record.reference("theme", themes, "主题")
        values |= position_values(folder, record, values["name"], outline, arrivals)
        home = arrivals.bring(record, Home, known.get(values["slug"]), values, create=_found)
        offered = _offered(folder, record, facilities)
        hours = _hours(folder, record)
        if not folder.problems:
            _bring_facilities(home, offered, arrivals)
            _bring_hours(home, hours, arrivals)
    folder.stop_on_problems()


def _found(home):
    founding.found([home], by=None, status=Home.Status.OPEN, reason=REASON)


def by_slug(model):
    """{slug: row}, also under the slugs that a row had before staff changed it."""
    rows = {row.pk: row for row in model.objects.all()}
    former = model.history.values_list("slug", "id").order_by("history_date", "history_id")
    known = {slug: rows[pk] for slug, pk in former if pk in rows}
    return known | {row.slug: row for row in rows.values()}


def home_values(record, divisions):
    """The fields of a home that its record fills; only columns with something in them."""
    values = {
        "slug": record.required("slug"),
        "name": record.required("name"),
        "host": record.one_of("host", Home.Host, default="community"),
        "division": record.reference("division", divisions, "区划代码"),
    }
    if not record.text("division"):
        record.problem("division", "不能空着；不知道社区就写街道或区的代码。")
    values |= {name: record.text(name) for name in HOME_TEXTS if record.has(name)}
    return values | {name: record.flag(name) for name in Home.ACCESSIBILITY if record.has(name)}


def position_values(folder, record, name, outline, arrivals):
    """Longitude, latitude and precision, out of `position = {…}` or out of columns of a CSV row."""
    precision = Home.Precision.HAND_PLACED
    if "position" in record.values:
        table = record.values["position"]
        record = Record(f"{record.place}的position", table if isinstance(table, dict) else {}, folder.problems)
        for column in {"longitude", "latitude", "datum", "precision"} ^ record.values.keys():
            record.problem(column, "position 要写 longitude、latitude、datum、precision 四项，不多不少。")
        precision = record.one_of("precision", Home.Precision, default=precision)
    longitude, latitude = record.position()
    if longitude is None:
        return {}
    if outline and not inside(outline, longitude, latitude):
        arrivals.notes.append(f"提醒：{name}的位置不在本区轮廓里，请核对坐标和基准（{record.place}）。")
    return {"longitude": longitude, "latitude": latitude, "location_precision": precision}


def _offered(folder, record, facilities):
    """{Facility: note} as the record lists them."""
    rows = folder.nested(record, "facilities", ("slug",), ("note",))
    return {row.reference("slug", facilities, "设施"): row.text("note") for row in rows}


def _bring_facilities(home, offered, arrivals):
    present = {part.facility_id for part in home.home_facilities.all()}
    missing = [facility for facility in offered if facility.pk not in present]
    if not missing:
        return
    if arrivals.is_new(home) or arrivals.differs(home, *(f"没有设施“{facility}”" for facility in missing)):
        parts = [HomeFacility(home=home, facility=facility, note=offered[facility]) for facility in missing]
        bulk_create_with_history(parts, HomeFacility, default_change_reason=REASON)


def _hours(folder, record):
    """[(weekday, opens, closes)] as the record lists them; weekdays 0 to 6 from Monday, as the database counts."""
    intervals = []
    for row in folder.nested(record, "hours", ("days", "opens", "closes")):
        days, opens, closes = (row.values.get(name) for name in ("days", "opens", "closes"))
        if not isinstance(days, list) or not all(isinstance(day, int) and 1 <= day <= 7 for day in days):
            row.problem("days", "请写成 [1, 2, 3, 4, 5] 这样，1 是星期一，7 是星期日。")
        elif not (isinstance(opens, time) and isinstance(closes, time)):
            row.problem("opens、closes", "请写成 08:30:00 这样，不加引号。")
        elif closes <= opens:
            row.problem("closes", "关门时间要晚于开门时间。")
        else:
            intervals.extend((day - 1, opens, closes) for day in days)
    intervals.sort()
    for earlier, later in pairwise(intervals):
        if earlier[0] == later[0] and later[1] < earlier[2]:
            record.problem("hours", f"星期{'一二三四五六日'[later[0]]}有两段时间重叠。")
    return intervals


def _bring_hours(home, intervals, arrivals):
    """The weekly rule as a whole: staff who changed one line of it meant the rest as well."""
    present = sorted((row.weekday, row.opens, row.closes) for row in home.hours.all())
    if not intervals or present == intervals:
        return
    if arrivals.is_new(home) or arrivals.differs(home, "开放时间"):
        for row in home.hours.all():
            row._change_reason = REASON
            row.delete()
        rows = [OpeningHours(home=home, weekday=day, opens=opens, closes=closes) for day, opens, closes in intervals]
        bulk_create_with_history(rows, OpeningHours, default_change_reason=REASON)
