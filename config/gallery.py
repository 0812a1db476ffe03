"""The gallery: every component of templates/components/ in its normal, error, empty and long-text state.

Nothing is read from the database. The records are made up on the spot and never saved.
"""

import datetime
from types import SimpleNamespace

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fluid, Layout
from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from branches.map import Marker
from branches.models import Division
from config import charts
from config.caching import public_page
from config.sharing import Article
from config.templatetags.cards import said_of_home
from config.templatetags.drawings import KINDS, OTHER_KIND
from homes.circles.drawing import draw
from homes.circles.estimate import Estimate
from homes.circles.pace import BRISK, LIMITS, SLOW
from homes.circles.reach import Reach
from homes.models import Home, OpeningException, OpeningHours, ServiceCircle, Theme
from homes.models.hours import Opening, Weekday

NOON = datetime.time(12)
MORNING = datetime.datetime(2026, 11, 22, 1, 30, tzinfo=datetime.UTC)
LONG = "示例区某某街道某某社区第十七网格暨某某家园小区东片老党员之家（原某某机械厂退休职工活动中心）"


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(
        label="怎么称呼您",
        help_text="写您平时用的名字就行。",
        max_length=20,
        error_messages={"required": "请写下怎么称呼您。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    telephone = forms.CharField(
        label="电话",
        help_text="只用来给您回话，例如 138 0000 0000。",
        error_messages={"required": "请留一个电话，我们好给您回话。"},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    street = forms.ChoiceField(
        label="住在哪个街道",
        choices=[("", "请选一个"), ("south", "示例南街道"), ("north", "示例北街道")],
        error_messages={"required": "请选您住的街道。"},
    )
    kind = forms.ChoiceField(
        label="想参加什么",
        choices=[("song", "唱歌"), ("erhu", "二胡"), ("talk", "只是来坐坐")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一样。"},
    )
    needs = forms.MultipleChoiceField(
        label="要我们准备什么",
        help_text="可以选几样，也可以都不选。",
        choices=[("chair", "轮椅"), ("board", "写字板"), ("lift", "门口有人接")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(
        label="哪一天来",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "这一天日历上没有，请重新选。"},
    )
    words = forms.CharField(
        label="还有什么话",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "写得有点长，请留在200个字以内，现在是%(show_value)d个字。"},
    )
    photo = forms.FileField(label="照片", help_text="可以不传。", required=False)
    agreed = forms.BooleanField(label="我同意把电话交给这个家", error_messages={"required": "同意了才能交上来。"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        # the page writes <form> itself; a second token would be printed otherwise
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field.text("name", field_width=Fluid.TWO_THIRDS),
            Field.text("telephone", field_width=Fluid.TWO_THIRDS),
            "street",
            "kind",
            "needs",
            "day",
            Field.textarea("words", rows=4),
            "photo",
            "agreed",
        )


def _theme(mark, hue):
    return Theme(slug="example", name=f"示例·{mark.label}", mark=mark, hue=hue)


def _home(name="示例巷社区老党员之家", status=Home.Status.OPEN):
    """A home that was never saved."""
    street = Division(code="000000001000", name="示例街道", level=Division.Level.STREET)
    return Home(
        name=name,
        slug="example",
        status=status,
        division=Division(code="000000001001", name="示例巷社区居委会", level=Division.Level.COMMUNITY, parent=street),
        theme=_theme(Theme.Mark.ERHU, Theme.Hue.GREEN),
        lead="下午有二胡声，门口的银杏树下常坐着人。",
        is_sample=True,
    )


def _at(home, *, since=None, cover=None, **opening):
    """What a card says of a home, at a moment at which its door tells this."""
    columns = ("name", "lead", "status", "status_note", "is_sample", "theme", "street", "division", "get_absolute_url")
    said = {column: getattr(home, column) for column in columns}
    told = Opening(**{"is_known": True, "reason": "", "until": None, "later": None} | opening)
    return said_of_home(SimpleNamespace(**said, opening=told, demonstration_since=since, cover=cover))


def _homes(photo):
    """One home in each state of opening."""
    bare = _home("还没有资料的家")
    bare.theme, bare.lead, bare.division = None, "", bare.division.parent
    suspended = _home("正在装修的家", Home.Status.SUSPENDED)
    suspended.status_note = "换地板，预计月底重新开门"
    long = _home(LONG)
    long.lead = LONG + "，天天都有人，来坐坐也好。"
    year = datetime.date(2022, 12, 1)
    return [
        _at(_home(), until=datetime.time(17), since=year),
        _at(_home("有照片的家"), later=datetime.time(14), cover=photo),
        _at(_home("已经关门的家")),
        _at(_home("今天过节的家"), reason="国庆节休息"),
        _at(suspended),
        _at(bare, is_known=False),
        _at(long, until=datetime.time(21, 30), since=year),
    ]


def _circles():
    """The circle of a home on streets and by estimate, drawn at two paces."""
    home = _home()
    home.longitude, home.latitude = 112.991, 28.112
    place = {"longitude": 112.99, "latitude": 28.11}
    outlines = {str(metres): shape for metres, shape in Estimate(1.4).reaches(tuple(place.values()), LIMITS).items()}
    streets = [[[112.975, 28.11], [113.005, 28.112]], [[112.992, 28.095], [112.99, 28.11], [112.988, 28.125]]]
    measured = ServiceCircle(**place, network_id=1, outlines=outlines, streets=streets)
    reaches = Reach(measured, BRISK), Reach(ServiceCircle(**place, factor=1.4), SLOW)
    return [
        {"id": f"circle-{reach.circle.kind}", "drawing": draw(reach, [home], "示例一家的服务圈"), "estimate": reach.how}
        for reach in reaches
    ]


def _months():
    """A year of months, two of them not known."""
    values = [1180, 1210, 1234, None, None, 1302, 1330, 1385, 1420, 1418, 1502, 1600]
    return [
        (f"2026年{month}月", f"{month}月", value, f"{value:,}" if value else "还没有数过", "")
        for month, value in enumerate(values, 1)
    ]


def _week():
    days = [
        {"label": day.label, "intervals": [OpeningHours(opens=datetime.time(8, 30), closes=NOON)], "is_known": True}
        for day in Weekday
    ]
    days[0]["intervals"].append(OpeningHours(opens=datetime.time(14), closes=datetime.time(17)))
    days[2]["today"] = True
    days[5] |= {"intervals": [], "is_known": False}
    days[6]["intervals"] = []
    return days


@require_safe
@public_page
def gallery(request):
    photo = SimpleNamespace(
        large=SimpleNamespace(url=static("gallery/sample-photo.svg")),
        small=SimpleNamespace(url=static("gallery/sample-photo.svg")),
        width=1200,
        height=800,
        alt="画的一间房子，红屋顶，门口一棵金黄的银杏树",
        is_sample=True,
    )
    holiday = OpeningException(
        first_day=datetime.date(2026, 10, 1), last_day=datetime.date(2026, 10, 7), reason="国庆节休息"
    )
    return render(
        request,
        "gallery.html",
        {
            "typed": [("text", LONG)],
            "marks": Theme.Mark.choices,
            "hues": Theme.Hue.choices,
            "kinds": [*KINDS.items(), OTHER_KIND],
            "themes": [
                _theme(mark, hue)
                for mark, hue in zip(Theme.Mark, [hue for _ in range(3) for hue in Theme.Hue], strict=True)
            ],
            "homes": _homes(photo),
            "photo": photo,
            "week": _week(),
            "exceptions": [holiday],
            "facts": [
                ("进门", True, "没有台阶"),
                ("轮椅", False, "不能借"),
                ("听不清", None, ""),
                (LONG, True, LONG),
            ],
            "choices": [
                {"label": "示例南街道", "url": "?street=south", "count": 12, "selected": False},
                {"label": "示例北街道", "url": "?", "count": 3, "selected": True},
                {"label": "示例东街道", "url": "?street=east", "count": 0, "selected": False},
                {"label": LONG, "url": "?street=long", "count": 1, "selected": False},
            ],
            "page": Paginator(range(60), 20).page(2),
            "query": request.GET,
            "ways": [("看全部的家", "/homes/"), ("换一个街道", "/homes/"), ("离我最近", "/near/")],
            "map": {
                "title": "示例区的三个家",
                "description": "轮廓图上有三个编了号的点，下面的名单里有同样的号码。",
                "viewbox": "0 0 400 300",
                "outline": "M40 60C110 10 190 40 250 30s120 40 110 110-60 130-150 120S60 240 40 190 10 90 40 60z",
                "markers": [
                    Marker(120, 110, "示例一家", 1, "#home-1", sample=True),
                    Marker(230, 90, "示例二家", 2, "#home-2"),
                    Marker(250, 190, "示例三家", 28, "#home-3"),
                ],
            },
            "circles": _circles(),
            "bars": charts.bars(
                [
                    ("示例南街道", 12, "12", "/homes/"),
                    ("示例北街道", 5, "5", "/homes/"),
                    ("示例东街道", None, "少于3"),
                    (LONG, 0, "0"),
                ]
            ),
            "line": charts.line(_months()),
            "no_line": charts.line([]),
            "steps": [
                {"title": "群众点单", "text": "您打电话或者上网说一声。", "state": "done", "when": "2026年11月20日"},
                {"title": "支部下单", "text": "支部商量谁去合适。", "state": "now", "when": ""},
                {"title": "党员接单", "text": "有人上门，办完请您说一声好不好。", "state": "ahead", "when": ""},
            ],
            "long": LONG,
            "story": f"从前这里是厂里的食堂，饭点一到，整条巷子都是香的。\n\n后来食堂改成了家。{LONG}，还是那张长桌。",
            "dated": datetime.date(2026, 11, 22),
            "published": Article("示例", MORNING, "示例街道"),
            "published_long": Article("示例", MORNING, LONG),
            "form": SampleForm(),
            "paused_form": SimpleNamespace(wait=3600),
            "wrong_form": SampleForm({"wrong-words": "字" * 201}, prefix="wrong"),
        },
    )
