"""Loading a district: its divisions, its outline and the figures once published about it.

The folder's word counts once: a row that is missing is created, a row that is there is left as staff have it, and what
differs is told. `update` gives the folder the last word on the columns it fills; columns it leaves empty are never
touched. Nothing is ever deleted.
"""

from collections import Counter

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from branches.coordinates import parse_datum, to_wgs84
from branches.data_folder import DataError
from branches.models import CalendarDay, CareClass, Division, PublishedFigure

REASON = "数据文件夹"  # what the row history says about rows that came this way
PARENT_LEVEL = {"district": None, "street": "district", "community": "street"}


class Arrivals:
    """Brings the rows of a data folder into the database, and remembers what happened for the report."""

    def __init__(self, *, update=False):
        self.update = update
        self.created, self.updated = Counter(), Counter()
        self.kept, self.notes = [], []
        self._new = set()

    def bring(self, record, model, instance, values, create=None):
        """Create the row of `record`, or compare `instance` with `values`; return the row.

        `create` saves a new row where the model has a verb for that.
        """
        if instance is None:
            instance = model(**values)
            if valid(record, instance):
                (create or save)(instance)
                self.created[model._meta.verbose_name] += 1
                self._new.add(instance)
            return instance
        differing = [name for name, value in values.items() if not same(getattr(instance, name), value)]
        if differing and self.differs(instance, *(model._meta.get_field(name).verbose_name for name in differing)):
            for name in differing:
                setattr(instance, name, values[name])
            if valid(record, instance):
                save(instance, update_fields=[*differing, *touched(model)])
        return instance

    def is_new(self, instance):
        """Whether this row came in just now."""
        return instance in self._new

    def differs(self, instance, *what):
        """Note that the database says something else than the folder; True if the folder is to have the last word."""
        if self.update:
            self.updated[instance._meta.verbose_name] += 1
        else:
            self.kept.extend(f"{instance}：{name}" for name in what)
        return self.update

    def report(self):
        """What happened, in sentences."""
        created = "，".join(f"{name} {count}" for name, count in self.created.items())
        updated = "，".join(f"{name} {count}" for name, count in self.updated.items())
        lines = [f"新增：{created}。" if created else "没有新增。"]
        if updated:
            lines.append(f"按数据文件夹改写：{updated}。")
        if self.kept:
            lines.append(f"和数据文件夹不一样的有 {len(self.kept)} 处，没有改动（要改成文件夹里的，请加 --update）：")
            lines.extend(f"  {line}" for line in self.kept)
        return [*lines, *self.notes]


def save(instance, **options):
    instance._change_reason = REASON
    instance.save(**options)


def touched(model):
    """The names of the fields that note when a row was last written."""
    return [field.name for field in model._meta.fields if getattr(field, "auto_now", False)]


def valid(record, instance):
    """Whether the model accepts the row; what it says against it is told about `record`."""
    try:
        instance.full_clean()
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            label = "整行" if name == NON_FIELD_ERRORS else instance._meta.get_field(name).verbose_name
            record.problem(label, " ".join(sentences))
        return False
    return True


def same(current, wanted):
    """Equal, but for the line ends that a browser's form puts into long texts."""
    if isinstance(current, str) and isinstance(wanted, str):
        return current.replace("\r\n", "\n").strip() == wanted
    return current == wanted


def load_divisions(folder, arrivals):
    """divisions.csv and outline.geojson: one district first, then its streets, then their communities."""
    records = folder.csv("divisions.csv", ("code", "name", "level", "parent"), key=("code",))
    _check_tree(folder, records)
    known = {division.code: division for division in Division.objects.all()}
    _refuse_another_district(folder, records, known)
    outline = load_outline(folder, next(r.text("code") for r in records if r.text("level") == "district"))
    for level in PARENT_LEVEL:
        for record in (record for record in records if record.text("level") == level):
            code = record.text("code")
            values = {"code": code, "name": record.required("name"), "level": level}
            values["parent"] = known.get(record.text("parent"))
            if level == "district" and outline:
                values["outline"] = outline
            known[code] = arrivals.bring(record, Division, known.get(code), values)
        folder.stop_on_problems()


def _check_tree(folder, records):
    levels = {record.text("code"): record.text("level") for record in records}
    for record in records:
        level, parent = record.text("level"), record.text("parent")
        if level not in PARENT_LEVEL:
            record.problem("level", f"“{level}”看不懂，请写 {'、'.join(PARENT_LEVEL)} 之一。")
        elif PARENT_LEVEL[level] is None:
            if parent:
                record.problem("parent", "区没有上级，请空着。")
        elif parent not in levels:
            record.problem("parent", f"表里没有区划代码 {parent}。" if parent else "不能空着。")
        elif levels[parent] != PARENT_LEVEL[level]:
            wanted = Division.Level(PARENT_LEVEL[level]).label
            record.problem("parent", f"{parent} 的级别不对，上级应当是{wanted}。")
    districts = sum(level == "district" for level in levels.values())
    if districts != 1:
        folder.problems.append(f"divisions.csv：一个数据文件夹只有一个区，这里有 {districts} 个。")
    folder.stop_on_problems()


def _refuse_another_district(folder, records, known):
    """One portal serves one district: two in a database would mix their pages."""
    code = next(record.text("code") for record in records if record.text("level") == "district")
    for division in known.values():
        if division.level == "district" and division.code != code:
            raise DataError(
                [
                    f"数据库里已经是{division}（{division.code}），不能再装入 {code}。",
                    "请换一个空的数据库（DATABASE_URL 或 DATA_DIR）。",
                ]
            )


def load_outline(folder, code):
    """The district's geometry out of outline.geojson, in WGS-84; None where the folder has no such file."""
    name = "outline.geojson"
    if not folder.has(name):
        return None
    content = folder.json(name)
    features = content.get("features", []) if isinstance(content, dict) else []
    for feature in features:
        properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
        if properties.get("code") == code:
            break
    else:
        raise DataError([f"{name}：没有 properties.code 是 {code} 的图形。"])
    try:
        datum = parse_datum(properties.get("datum", ""))
    except ValueError as error:
        raise DataError([f"{name} 的“datum”：{error}"]) from error
    try:
        polygons = {"Polygon": lambda c: [c], "MultiPolygon": lambda c: c}[geometry["type"]](geometry["coordinates"])
        polygons = [[[_point(pair, datum) for pair in ring] for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError([f"{name}：图形要是 Polygon 或 MultiPolygon，坐标是一对一对的经度、纬度。"]) from error
    if not polygons or not all(polygon for polygon in polygons):
        raise DataError([f"{name}：图形是空的。"])
    if any(len(ring) < 4 or ring[0] != ring[-1] for polygon in polygons for ring in polygon):
        raise DataError([f"{name}：每一圈至少四个点，最后一点要和第一点相同。"])
    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _point(pair, datum):
    longitude, latitude = (float(number) for number in pair[:2])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(pair)
    return [round(degrees, 6) for degrees in to_wgs84(longitude, latitude, datum)]


def load_figures(folder, arrivals):
    """figures.csv, if the folder has one: numbers as they were printed, in the order of the rows."""
    if not folder.has("figures.csv"):
        return
    columns = ("key", "label", "value", "unit", "at_least", "published_on", "source")
    known = {(figure.key, figure.published_on): figure for figure in PublishedFigure.objects.all()}
    for order, record in enumerate(folder.csv("figures.csv", columns, key=("key", "published_on")), start=1):
        values = {
            "key": record.required("key"),
            "label": record.required("label"),
            "value": record.integer("value", default=None),
            "unit": record.required("unit"),
            "at_least": record.flag("at_least") or False,
            "published_on": record.day("published_on"),
            "source": record.required("source"),
            "order": order * 10,
        }
        arrivals.bring(record, PublishedFigure, known.get((values["key"], values["published_on"])), values)
    folder.stop_on_problems()


def load_care_classes(folder, arrivals):
    """care_classes.csv, if the folder has one: the classes of care a district begins with."""
    if not folder.has("care_classes.csv"):
        return
    columns = ("slug", "name", "sentence", "visit_every_days", "order")
    known = {row.slug: row for row in CareClass.objects.all()}
    for record in folder.csv("care_classes.csv", columns, key=("slug",)):
        slug = record.required("slug")
        values = {"slug": slug, "name": record.required("name"), "order": record.integer("order", default=100)}
        values |= {"sentence": record.text("sentence")} if record.has("sentence") else {}
        if record.has("visit_every_days"):
            values["visit_every_days"] = record.integer("visit_every_days", default=None)
        arrivals.bring(record, CareClass, known.get(slug), values)
    folder.stop_on_problems()


def load_calendar(folder, arrivals):
    """calendar.csv, if the folder has one: the days off, and the weekends that are worked instead."""
    if not folder.has("calendar.csv"):
        return
    known = {row.day: row for row in CalendarDay.objects.all()}
    for record in folder.csv("calendar.csv", ("day", "is_worked", "name"), key=("day",)):
        day = record.day("day")
        values = {"day": day, "is_worked": record.flag("is_worked") or False, "name": record.required("name")}
        if day is None:
            record.problem("day", "不能空着。")
        else:
            arrivals.bring(record, CalendarDay, known.get(day), values)
    folder.stop_on_problems()
