"""Homes as an Excel table: one row a home, columns named as the staff name them.

* A blank cell says nothing and changes nothing; to clear a fact, open the home.
* A column that is missing changes nothing. 状态, 核实日期 and 示例数据 are told, never taken.
* Coordinates come with their datum or not at all, and are kept in WGS-84.
* Every message names its row and column; one bad row and nothing is written.
"""

from decimal import Decimal, InvalidOperation
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from import_export.fields import Field

from branches.access import Action
from branches.coordinates import Datum, inside, parse_datum, to_wgs84
from branches.models import Division
from homes.cells import YES_NO, Degrees, Facilities, Hours, OneOf, told
from homes.models import Facility, Home, HomeFacility, OpeningHours, Theme
from homes.models.hours import Weekday
from homes.table import ROW, Table

SIX_PLACES = Decimal("0.000001")
DATUM_COLUMN, LONGITUDE_COLUMN, LATITUDE_COLUMN = "坐标基准", "经度", "纬度"


class HomeSheet(Table):
    """The table of homes for one user, who reads and writes only within their posts."""

    max_rows = 5_000
    about_new = "新增的家先是草稿，居民看不到。"

    slug = told("slug", "网址代号")
    name = told("name", "名称")
    host = told("host", "设在", widget=OneOf({label: value for value, label in Home.Host.choices}, "选项"))
    division = told("division", "区划代码")
    place = Field(column_name="街道、社区（供核对）", readonly=True)
    theme = told("theme", "主题")
    lead = told("lead", "一句话介绍")
    address = told("address", "地址")
    telephone = told("telephone", "电话")
    directions = told("directions", "怎么走")
    longitude = told("longitude", LONGITUDE_COLUMN, widget=Degrees())
    latitude = told("latitude", LATITUDE_COLUMN, widget=Degrees())
    datum = Field(column_name=DATUM_COLUMN, readonly=True)
    location_precision = told(
        "location_precision",
        "位置精度",
        widget=OneOf({label: value for value, label in Home.Precision.choices}, "位置精度"),
    )
    facilities = told("sheet_facilities", "设施")
    story = told("story", "故事")
    source = told("source", "资料来源")
    status = Field(column_name="状态（只供查看）", readonly=True)
    verified_on = Field(column_name="核实日期（只供查看）", readonly=True)
    is_sample = Field(column_name="示例数据（只供查看）", readonly=True)

    class Meta:
        model = Home
        fields = (
            *("slug", "name", "host", "division", "place", "theme", "lead", "address", "telephone", "directions"),
            *("longitude", "latitude", "datum", "location_precision", "facilities", "story", "source"),
            *("status", "verified_on", "is_sample"),
        )
        import_id_fields = ("slug",)
        clean_model_instances = True

    def __init__(self, user):
        super().__init__(user)
        self.divisions = {
            each.code: each
            for each in Division.objects.where_granted(user, Action.IMPORT, Home).select_related("parent")
        }
        self.themes = {theme.name: theme for theme in Theme.objects.all()}
        self.known_facilities = {facility.name: facility for facility in Facility.objects.all()}
        self.fields["division"].widget = OneOf(self.divisions, "区划代码（或者不归您管）")
        self.fields["theme"].widget = OneOf(self.themes, "主题")
        self.fields["facilities"].widget = Facilities(self.known_facilities)
        for day in Weekday:
            self.fields[f"day{day}"] = told(f"sheet_week__day{day}", day.label, widget=Hours())
        for question in Home.ACCESSIBILITY:
            label = Home._meta.get_field(question).verbose_name
            self.fields[question] = told(question, label, widget=OneOf(YES_NO, "答案（写“是”或“否”）"))
        self.homes, self.outline = {}, None

    # --- both ways
    @staticmethod
    def unfold(home, parts=True):
        """Give the home what its parts look like in the table."""
        week = {f"day{day}": [] for day in Weekday}
        for row in home.hours.all() if parts else ():
            week[f"day{row.weekday}"].append((row.opens, row.closes))
        home.sheet_week = SimpleNamespace(**week)
        rows = home.home_facilities.all() if parts else ()
        home.sheet_facilities = {row.facility: row.note for row in rows}
        return home

    @staticmethod
    def with_parts(homes):
        return homes.select_related("division__parent", "theme").prefetch_related("hours", "home_facilities__facility")

    # --- out
    def filter_export(self, queryset, **kwargs):
        return self.with_parts(queryset)

    def export_resource(self, instance, selected_fields=None, **kwargs):
        return super().export_resource(self.unfold(instance), selected_fields, **kwargs)

    def dehydrate_division(self, home):
        return home.division.code

    def dehydrate_place(self, home):
        return " ".join(str(each) for each in (home.division.parent, home.division) if each)

    def dehydrate_theme(self, home):
        return home.theme.name if home.theme else ""

    def dehydrate_datum(self, home):
        return Datum.WGS84.value if home.is_located else ""

    def dehydrate_status(self, home):
        return home.get_status_display()

    def dehydrate_verified_on(self, home):
        return str(home.verified_on or "")

    def dehydrate_is_sample(self, home):
        return "示例数据" if home.is_sample else ""

    # --- in
    def before_import(self, dataset, **kwargs):
        homes = self.with_parts(Home.objects.visible_to(self.user, Action.IMPORT))
        self.homes = {home.slug: self.unfold(home) for home in homes}
        district = Division.objects.district()
        self.outline = district.outline if district else None

    def get_instance(self, instance_loader, row):
        return self.homes.get(row.get("网址代号", ""))

    def init_instance(self, row=None):
        return self.unfold(Home(), parts=False)

    def import_instance(self, instance, row, **kwargs):
        """Take every column that says something; raise all complaints of the row at once."""
        errors = self._identity_errors(instance, row)
        try:
            row = row | self._position(instance, row)
        except ValidationError as problem:
            errors |= problem.error_dict
            row = {name: value for name, value in row.items() if name not in (LONGITUDE_COLUMN, LATITUDE_COLUMN)}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as problem:
            errors |= problem.error_dict
        if errors:
            raise ValidationError(errors)

    def _identity_errors(self, instance, row):
        errors = {}
        if first := self.seen_before(row.get("网址代号", ""), row):
            errors["slug"] = [ValidationError(f"和第 {first} 行的网址代号一样。")]
        if instance.pk is None:
            for attribute in ("slug", "name", "division"):
                column = self.fields[attribute].column_name
                if not row.get(column):
                    errors[attribute] = [ValidationError("新的家必须填这一格。")]
        return errors

    def _position(self, instance, row):
        """The row's coordinates turned into WGS-84, as columns to put in their place."""
        typed = (row.get(LONGITUDE_COLUMN, ""), row.get(LATITUDE_COLUMN, ""))
        if not any(typed):
            return {}
        if not all(typed):
            missing = "latitude" if typed[0] else "longitude"
            raise ValidationError({missing: "经度和纬度要一起填。"})
        try:
            degrees = [Decimal(value) for value in typed]
        except InvalidOperation:
            raise ValidationError({"longitude": "经度、纬度要写成数字，例如 112.987654、28.123456。"}) from None
        if not all(value.is_finite() for value in degrees) or abs(degrees[0]) > 180 or abs(degrees[1]) > 90:
            raise ValidationError({"longitude": "经度、纬度不对，是不是写反了？"})
        try:
            datum = parse_datum(row.get(DATUM_COLUMN, ""))
        except ValueError as problem:
            raise ValidationError({"datum": str(problem)}) from problem
        point = [Decimal(value).quantize(SIX_PLACES) for value in to_wgs84(*degrees, datum)]
        if not instance.location_precision and not row.get("位置精度"):
            raise ValidationError({"location_precision": "填了经纬度，请写明位置精度。"})
        moved = point != [instance.longitude, instance.latitude]
        if moved and self.outline and not inside(self.outline, *point):
            self.warnings.append((row[ROW], "这个点不在本区轮廓里面，请核对坐标和坐标基准。"))
        return {LONGITUDE_COLUMN: f"{point[0]:f}", LATITUDE_COLUMN: f"{point[1]:f}"}

    def save_m2m(self, instance, row, **kwargs):
        """Write the parts that differ from what the table wants."""
        week = vars(instance.sheet_week)
        wanted = {(day, opens): closes for day in Weekday for opens, closes in week[f"day{day}"]}
        for row_now in OpeningHours.objects.filter(home=instance):
            closes = wanted.pop((row_now.weekday, row_now.opens), None)
            if closes is None:
                row_now.delete()
            elif closes != row_now.closes:
                row_now.closes = closes
                row_now.save()
        for (day, opens), closes in wanted.items():
            OpeningHours.objects.create(home=instance, weekday=day, opens=opens, closes=closes)
        notes = dict(instance.sheet_facilities)
        for part in HomeFacility.objects.filter(home=instance).select_related("facility"):
            note = notes.pop(part.facility, None)
            if note is None:
                part.delete()
            elif note != part.note:
                part.note = note
                part.save()
        for facility, note in notes.items():
            HomeFacility.objects.create(home=instance, facility=facility, note=note)

    # --- the second sheet
    def notes(self):
        """What the sheet 填写说明 says, as rows of cells."""
        return [
            ("列", "怎么填"),
            ("（总的）", "每行一个家。空着的格子不会改动原来的内容；要清空某一项，请到网页上改。"),
            ("网址代号", "小写字母、数字和短横线。系统靠它认出是哪个家；写一个新的代号，就是新增一个家（先是草稿）。"),
            ("设在", "、".join(label for _value, label in Home.Host.choices)),
            ("区划代码", "12位数字，见下面。知道社区写社区，不知道就写街道或区。"),
            ("经度、纬度", "十进制度数，例如 112.987654、28.123456。"),
            ("坐标基准", "填了经纬度就必须填：" + "、".join(f"{datum}（{datum.hint}）" for datum in Datum)),
            ("位置精度", "、".join(label for _value, label in Home.Precision.choices)),
            ("星期一到星期日", "8:30-12:00 14:00-17:00，两段之间空一格。"),
            (
                "设施",
                "用顿号隔开，括号里可以写说明：阅览室、书画室（二楼）。可以写：" + "、".join(self.known_facilities),
            ),
            ("主题", "可以写：" + "、".join(self.themes)),
            ("进门没有台阶等六列", "写“是”或“否”；不知道就空着。"),
            ("", ""),
            ("区划代码", "名称"),
            *(
                (code, " ".join(str(each) for each in (place.parent, place) if each))
                for code, place in self.divisions.items()
            ),
        ]
