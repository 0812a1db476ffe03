"""What hangs on walls is one sheet of A4 that old eyes, a black printer and a telephone's camera can read.

Each of the six sheets is printed with ordinary contents, with the longest and with none at all.
"""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from activities.models import Activity, Course
from branches.models import Building
from config.content_version import content
from homes.models import Facility, Home, HomeFacility, OpeningHours, ServiceCircle, Theme
from homes.views.pages import qr
from tests.makers import make_compound, make_home
from volunteers.models import OrderCategory

SHEET = re.compile(rb"/Type\s*/Page[^s]")
SIZE = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
A4 = (595, 842)  # points
PAPER = {"width": 680, "height": 987}  # CSS pixels of a sheet inside its margins
PAPER_WHITE = 0.9  # of the lightness of white
CODE, FROM_A_STEP = 30, 65  # millimetres of dots
SMALLEST, CONTRAST = 14, 4.5  # points; as WCAG has it, which looks at lightness alone

# What a printer and an eye without colours find: the smallest letters (points) and the weakest contrast of any text,
# the width of each code's dots (millimetres), its drawing and how many dots of white it keeps around it.
MEASURED = """() => {
  const light = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    if (alpha === 0) return null;
    const part = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = (one) => one ? light(getComputedStyle(one).backgroundColor) ?? ground(one.parentElement) : 1;
  const texts = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && !one.closest("svg")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const contrast = (one) => {
    const pair = [light(getComputedStyle(one).color), ground(one)].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  };
  return {
    wide: document.documentElement.scrollWidth,
    smallest: Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize) * 72 / 96)),
    contrast: Math.min(...texts.map(contrast)),
    darkest: Math.min(...[...document.querySelectorAll("body, main, main *")].map(ground)),
    codes: [...document.querySelectorAll("svg.qr")].map((code) => {
      const wide = code.viewBox.baseVal.width, edge = code.querySelector("path").getBBox().x;
      const dot = code.getBoundingClientRect().width / 96 * 25.4 / wide;
      return {dots: code.querySelector("path").getAttribute("d"), edge, across: dot * (wide - 2 * edge)};
    }),
  };
}"""


@pytest.fixture
def walls(cast, live_server):
    """{address of a sheet: (what its code leads to, how wide that is at least)}"""
    home, activity, course = cast.homes["here"], cast.activities["here"], cast.courses["here"]
    return {
        "/homes/here/poster/": (f"/h/{home.pk}", CODE),
        f"/activities/{activity.pk}/poster/": (f"/a/{activity.pk}", CODE),
        "/courses/here-class/poster/": (f"/c/{course.pk}", CODE),
        "/homes/here/programme/?month=2027-03": ("/activities/month/?home=here&month=2027-03", CODE),
        "/help/sign/here/": ("/help/ask/?home=here&via=door", FROM_A_STEP),
        "/homes/here/circle/poster/": ("/homes/here/circle/", CODE),
    }


def fill_ordinary(cast):
    home = cast.homes["here"]
    for day in range(1, 32):
        if day % 7 in (2, 4):
            go_on(home, day, "合唱班" if day % 7 == 2 else "太极拳")
    go_on(home, 20, "金秋大讲堂：怎样当好楼栋长")


def fill_longest(cast):
    home = cast.homes["here"]
    name = "望岳区东街街道甲社区第十七网格暨原机械厂家属区东片老党员之家" * 2
    Theme.objects.update(name="花" * 20)
    Home.objects.filter(slug="here").update(
        name=name, lead="，".join(["来坐坐也好啊"] * 11), directions="坐公交车到路口再往前走，" * 60, is_sample=True,
        address="甲社区居民委员会旁边第十七栋一单元一楼" * 6, status="suspended", status_note="屋顶在修，" * 24,
        lift=False, accessible_toilet=True, handrails=True, wheelchair_loan=True, hearing_help=True,
        telephone="0731-0000 0000 00000",
    )  # fmt: skip
    for number in range(30):
        facility = Facility.objects.create(slug=f"more-{number}", name=f"宽敞明亮的活动室之{number}")
        HomeFacility.objects.create(home=home, facility=facility)
        OrderCategory.objects.create(slug=f"more-{number}", name=f"上门帮着做的事第{number}种")
    OpeningHours.objects.filter(home=home).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(home=home, weekday=day, opens=time(opens, day), closes=time(opens + 2, 30))
        for day in range(7) for opens in ((8, 11, 14, 17) if day == 3 else (8, 11, 15))
    )  # fmt: skip
    said = {"description": "请老楼栋长讲一讲，讲完大家提问。" * 100, "is_sample": True}
    Activity.objects.filter(pk=cast.activities["here"].pk).update(
        title="金秋大讲堂第几期的讲座" * 5 + "第一二三讲",
        place="二楼靠东边的那一间活动室" * 6,
        bring="自己的水杯和老花镜，" * 12,
        **said,
    )
    course = cast.courses["here"]
    Course.objects.filter(pk=course.pk).update(
        title="从头学起的老年人智能手机使用班" * 4, teacher="示例老师" * 10, lead="每星期都上课，" * 17, **said
    )
    for number in range(60):
        day = timezone.localdate() + timedelta(days=1 + number * 7 // 3)
        go_on(home, day, course.title, course=course, hour=9 + number % 3)
    for number in range(90):
        go_on(home, 1 + number % 31, f"第{number}回邻居们一起来做的一件不一样的事", hour=8 + number // 10)
    for number in range(70):
        (building,) = make_compound(home.division, f"第{number}个名字很长很长的家属区小区")
        Building.objects.filter(pk=building.pk).update(longitude=112.99 + number * 0.00011)  # fifteen metres farther
    for number in range(5):
        make_home(home.division, f"{name[:50]}第{number}家", f"near-{number}", telephone="0731-0000 0000 00000")


def fill_emptiest(cast):
    Home.objects.filter(slug="here").update(
        name="家", lead="", directions="", address="", status="open", telephone="", is_sample=False, step_free=None,
        lift=None, accessible_toilet=None, handrails=None, wheelchair_loan=None, hearing_help=None, theme=None,
    )  # fmt: skip
    HomeFacility.objects.all().delete()
    OpeningHours.objects.all().delete()
    ServiceCircle.objects.all().delete()
    OrderCategory.objects.update(is_archived=True)
    Activity.objects.filter(pk=cast.activities["here"].pk).update(
        title="茶", description="", bring="", place="", capacity=None, takes_sign_up=False, is_sample=False
    )
    Activity.objects.filter(course=cast.courses["here"]).exclude(number=1).delete()
    Activity.objects.filter(course=cast.courses["here"]).update(status="finished")
    Course.objects.filter(pk=cast.courses["here"].pk).update(title="茶", teacher="", lead="", description="")
    Activity.objects.filter(starts_at__year=2027).delete()


def go_on(home, day, title, *, hour=9, **fields):
    day = date(2027, 3, day) if isinstance(day, int) else day
    starts_at = timezone.make_aware(datetime.combine(day, time(hour)))
    return Activity.objects.create(
        title=title, home=home, division=home.division, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        kind=home.activities.first().kind, status="published", **fields,
    )  # fmt: skip


def dots(address):
    return re.search(r' d="([^"]+)"', qr(address))[1]


def test_the_first_lesson_is_one_sheet(cast, live_server, open_page, log_in, axe, fits):
    page = open_page(360)
    log_in(page, live_server.url, "organiser", to="/desk/manual/first-lesson/")
    assert axe(page) == []
    assert fits(page)
    assert wrong_with(page, f"{live_server.url}/desk/", CODE) == []


def wrong_with(page, leads_to, across):
    """What is wrong with the sheet that is open, in words; [] where nothing is."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found, paper = page.evaluate(MEASURED), page.pdf(prefer_css_page_size=True)
    sizes = [tuple(round(float(side)) for side in each.groups()) for each in SIZE.finditer(paper)]
    complaints = {
        "sheets": len(SHEET.findall(paper)) != 1 or sizes != [A4],
        "wider than paper": found["wide"] > PAPER["width"],  # the browser would make everything smaller
        "letters": found["smallest"] < SMALLEST - 0.01,
        "contrast": found["contrast"] < CONTRAST,
        "dark ground": found["darkest"] < PAPER_WHITE,
        "one code": [code["dots"] for code in found["codes"]] != [dots(leads_to)],
        "white round the code": any(code["edge"] < 4 for code in found["codes"]),
        "size of the code": any(code["across"] < across for code in found["codes"]),
    }
    return [what for what, is_wrong in complaints.items() if is_wrong]


def test_each_is_one_sheet_to_read_from_a_step_away(cast, live_server, walls, open_page, axe, fits):
    page, wrong = open_page(360), {}
    for fill in (fill_ordinary, fill_longest, fill_emptiest):
        with transaction.atomic():  # whatever is near is measured once, at the end
            fill(cast)
        content.renew()
        for address, (leads_to, across) in walls.items():
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": 360, "height": 900})
            page.goto(f"{live_server.url}{address}")
            complaints = axe(page) if fill is fill_ordinary else []
            complaints += [] if fits(page) else ["wider than a phone"]
            complaints += wrong_with(page, live_server.url + leads_to, across)
            if complaints:
                wrong[fill.__name__, address] = complaints
    assert wrong == {}
