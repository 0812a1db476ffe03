"""The public directory as a table to take away: what the homes' pages say, a line each, in words."""

from homes.models import Home
from homes.models.hours import Weekday

HEADINGS = (
    "名称", "状态", "街道", "社区", "地址", "电话", "主题", "一句话介绍", *Weekday.labels, "特殊安排", "设施",
    *(Home._meta.get_field(question).verbose_name for question in Home.ACCESSIBILITY),
    "哪天授予示范阵地", "经度（WGS-84）", "纬度（WGS-84）", "位置精度", "怎么走", "信息核实日期", "网页", "示例数据",
)  # fmt: skip
STATUS = {Home.Status.OPEN: "开放", Home.Status.SUSPENDED: "暂停开放"}
ANSWERS = {True: "是", False: "否", None: ""}


def whole(homes):
    """Homes with everything that is told of them, in one query."""
    return homes.for_cards().with_facilities()


def line(home, site):
    """The cells of one home (from `whole`), "" where nobody knows. `site` is the address of the portal."""
    street = home.street
    suspended = home.status == Home.Status.SUSPENDED and home.status_note
    return [
        home.name,
        STATUS[home.status] + (f"：{home.status_note}" if suspended else ""),
        street.name if street else "",
        home.division.name if home.division.level == "community" else "",
        home.address,
        home.telephone,
        home.theme.name if home.theme and not home.theme.is_archived else "",
        home.lead,
        *_week(home),
        "；".join(map(_special, home.special)),
        "、".join(f"{name}（{note}）" if note else name for _, name, note in home.facility_list),
        *(ANSWERS[getattr(home, question)] for question in Home.ACCESSIBILITY),
        str(home.demonstration_since or ""),
        f"{home.longitude:f}" if home.is_located else "",
        f"{home.latitude:f}" if home.is_located else "",
        home.get_location_precision_display(),
        home.directions,
        str(home.verified_on or ""),
        f"{site}{home.get_absolute_url()}",
        "示例数据" if home.is_sample else "",
    ]


def _week(home):
    """What stands under each weekday: 08:30-12:00 14:00-17:00; 不开放 where the hours of other days are known."""
    days = [[_span(row) for row in home.weekly if row.weekday == day] for day in Weekday]
    return [" ".join(spans) or ("不开放" if home.weekly else "") for spans in days]


def _special(each):
    days = f"{each.first_day}" + (f"至{each.last_day}" if each.last_day != each.first_day else "")
    return f"{days} {'不开放' if each.is_closed else _span(each)}（{each.reason}）"


def _span(row):
    return f"{row.opens:%H:%M}-{row.closes:%H:%M}"
