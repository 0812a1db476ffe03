"""The English pages: nothing of them is Chinese unless it says so, and nothing of them stays for the next request."""

import csv
import re
import tomllib
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation.template import templatize

from branches.models import Event
from config import english, open_forms
from config import urls as site
from config.templatetags.english import kept_ending
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf
from homes.models import Home, OpeningException
from tests.activities.filling_in import errors, filled
from tests.config.test_errors import raising
from tests.makers import make_photo
from tests.volunteers.asking import make_categories, picture
from volunteers import ordering
from volunteers.models import ServiceOrder

ROOT, VOID = Path(settings.BASE_DIR), {"meta", "link", "input", "img", "br", "hr", "source"}
APPS = ("branches", "homes", "volunteers", "activities", "config")
MARKED = re.compile(r"gettext|{% (?:block)?translate|_\(")
SPOKEN = ("aria-label", "alt", "title", "placeholder")
CALLS = dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_")) | {"ngettext": (1, 2)}
urlpatterns = [path("en/broken/", raising(ZeroDivisionError)), *site.urlpatterns]


class Reader(HTMLParser):
    """Hears a page as a screen reader does: what is Chinese without saying so, and where the links lead."""

    def __init__(self, response):
        super().__init__()
        self.languages, self.stray, self.links, self.link = [], [], {}, None
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        language = given.get("lang") or (self.languages[-1][1] if self.languages else None)
        for name in SPOKEN:
            self._heard(given.get(name) or "", language)
        if tag not in VOID:
            self.languages.append((tag, language))
        if tag == "a":
            self.link = given.get("href", "")
            self.links[self.link] = ""

    def handle_endtag(self, tag):
        while self.languages and self.languages.pop()[0] != tag:
            pass
        if tag == "a":
            self.link = None

    def handle_data(self, text):
        if self.languages and self.languages[-1][0] == "script":
            return
        self._heard(text, self.languages[-1][1] if self.languages else None)
        if self.link is not None:
            self.links[self.link] += text

    def _heard(self, text, language):
        if language != "zh-CN" and english.is_chinese(text):
            self.stray.append(text.strip())


def unmarked(reader):
    """Links to pages that are not there in English, and do not say so."""
    elsewhere = {to: words for to, words in reader.links.items() if to.startswith("/") and not to.startswith("/en/")}
    return {to: words for to, words in elsewhere.items() if "Chinese" not in words and words != "中文"}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def test_whatever_an_english_page_leads_to_is_english_or_says_so(district, client, monkeypatch):
    sample = Home.objects.get(slug="jiahe")
    Home.objects.filter(pk=sample.pk).update(
        is_sample=True, address="示例路1号", directions="过了桥", location_precision="building", theme=None,
        status="suspended", status_note="换地板", lift=True, step_free=False, verified_on="2026-11-01",
    )  # fmt: skip
    today = timezone.localdate()
    OpeningException.objects.create(home=sample, first_day=today, last_day=today, reason="过节")
    make_photo(sample)
    monkeypatch.setattr(settings, "SITE_ICP", "湘ICP备1号")
    waiting, met, stray, unsaid = ["/en/", "/en/homes/?theme=nowhere&q=没有", "/en/help/ask/?home=jiahe"], set(), {}, {}
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in met:
            continue
        met.add(address)
        response = client.get(address)
        reader = Reader(response)
        assert response.status_code == 200, address
        assert '<html lang="en"' in response.content.decode()
        stray |= {address: reader.stray} if reader.stray else {}
        unsaid |= {address: unmarked(reader)} if unmarked(reader) else {}
        waiting += [to for to in reader.links if to.startswith("/en/") and "&" not in to]
    assert stray == {}
    assert unsaid == {}
    assert {"/en/homes/jiahe/", "/en/about/", "/en/lookup/"} <= met
    page = client.get("/en/homes/jiahe/").content.decode()
    for words in (
        "Jiahe Shequ",
        "Sample data",
        "Closed for a while: ",
        "过节",
        "Ground floor, or a lift",
        "1 November",
    ):
        assert words in page


def test_a_visitor_asks_in_english_and_staff_read_chinese(cast, client, client_of, clock, monkeypatch):
    _, other = make_categories()
    address = "/en/help/ask/?home=here&via=door"
    typed = {"category": other.pk, "what": "I cannot find the station", "name": "", "telephone": "12", "proxy": ""}
    typed |= {"place": cast.homes["here"].name, "wish": ""}
    sent = filled(client, address, clock) | typed
    wrong = client.post(address, sent | {"photo_1": picture(name="x.txt", kind="GIF")})
    assert errors(wrong) == [
        "Please write your name.",
        "This does not look like a Chinese number: a mobile has 11 digits, a landline needs its area code.",
    ]
    assert typed["what"] in wrong.content.decode()
    assert Reader(wrong).stray == []
    right = sent | {"name": "Ann", "telephone": "+86 199 0000 8101"}
    assert errors(client.post(address, right | {"photo_1": picture(kind="GIF")})) == [
        "This file is no photo. Please choose a JPG, PNG or WebP."
    ]
    asked = client.post(address, right)
    order = ServiceOrder.objects.order_by("pk").last()
    assert asked["Location"] == f"/en/help/{order.pk}/"
    assert (order.what, order.home, order.via, order.place) == (
        typed["what"], cast.homes["here"], "door", cast.homes["here"].name,
    )  # fmt: skip
    page = client.get(asked["Location"])
    assert Reader(page).stray == []
    for words in ("We have your request", order.code[:4], f"{order.done_by:%A} {order.done_by.day} {order.done_by:%B}"):
        assert words in page.content.decode()
    assert "收到了，正在安排" in client.get(f"/help/{order.pk}/").content.decode()
    desk = client_of(cast.officer).get(f"/desk/orders/{order.pk}/").content.decode()
    assert "待受理" in desk
    assert '<html lang="zh-CN"' in desk

    monkeypatch.setattr(open_forms, "PER_TELEPHONE", open_forms.Limit("none left", 0, 60))
    paused = client.post(address, filled(client, address, clock) | typed | {"name": "Bo", "telephone": "19900008102"})
    assert (paused.status_code, Reader(paused).stray) == (429, [])

    spoken = []
    monkeypatch.setattr(ordering, "cancel", lambda *args, **about: spoken.append(translation.get_language()))
    assert client.post(f"/en/help/{order.pk}/cancel/")["Location"] == f"/en/help/{order.pk}/"
    assert spoken == ["zh-hans"]  # what is told to volunteers is Chinese
    now = timezone.now()
    for status, over in {
        "dispatching": {}, "done": {"done_at": now}, "unable": {"done_at": None, "ended_at": now}, "cancelled": {},
    }.items():  # fmt: skip
        ServiceOrder.objects.filter(pk=order.pk).update(status=status, **over)
        assert Reader(client.get(f"/en/help/{order.pk}/")).stray == []
    client.cookies.clear()
    assert client.get(f"/en/help/{order.pk}/")["Location"] == "/en/lookup/"
    assert "Please write your code" in client.get("/en/lookup/").content.decode()
    wrong = client.post("/en/lookup/", {"code": "12345678", "last_four": "0000"})
    assert errors(wrong)[0].startswith("Nothing found. Please check")
    assert Event.objects.filter(subject="volunteers.serviceorder", subject_pk=order.pk, actor_name="居民").exists()


def test_the_language_of_one_page_is_not_that_of_the_next(cast, client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    pages = ("/en/homes/", "/homes/", "/en/broken/", "/homes/nowhere/", "/en/nowhere/", "/display/")
    for address in pages * 2:  # the second time out of the store
        page, language = client.get(address), "en" if address.startswith("/en/") else "zh-CN"
        if page.content:
            assert f'<html lang="{language}"' in page.content.decode(), address
        assert Reader(page).stray == []
        assert ("Skip to" in page.content.decode()) == (language == "en"), address
        assert translation.get_language() == settings.LANGUAGE_CODE


def test_the_other_language_is_one_press_away_on_the_same_page(cast, client):
    def leads_to(address):
        page = client.get(address).content.decode()
        found = re.search(r'<a href="([^"]+)" lang="([^"]+)" hreflang="\2">(?:EN<|中文<)', page)
        alternates = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)
        return found and found[1].replace("&amp;", "&"), alternates

    both = [("zh-CN", "http://testserver/homes/"), ("en", "http://testserver/en/homes/")]
    assert leads_to("/homes/?theme=garden&open=1") == ("/en/homes/?theme=garden&open=1", both)
    assert leads_to("/en/homes/?theme=garden&open=1") == ("/homes/?theme=garden&open=1", both)
    assert leads_to("/help/ask/?home=here&via=door")[0] == "/en/help/ask/?home=here&via=door"
    assert [leads_to(address) for address in ("/activities/", "/homes/nowhere/")] == [(None, [])] * 2
    listed = client.get("/sitemap-english-homes.xml").content.decode()
    assert "<loc>http://testserver/en/homes/here/</loc>" in listed
    assert 'hreflang="zh-CN" href="http://testserver/homes/here/"' in listed
    assert "<loc>http://testserver/en/about/</loc>" in client.get("/sitemap-english.xml").content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("嘉和社区老党员之家", "Jiahe Shequ"),
        ("天天向上网格老党员之家", "Tiantianxiangshang Wangge"),
        ("坡子街街道", "Pozijie Jiedao"),
        ("天安社区居委会", "Tian'an Shequ Juweihui"),
        ("老党员之家", "Laodangyuanzhijia"),
        ("新吕（A）3村", "Xinlü(A)3 Cun"),
        ("Garden", "Garden"),
    ],
)
def test_names_are_said_in_pinyin(name, said):
    assert english.pinyin(name) == said


def test_every_word_that_pages_share_is_there_in_english():
    files = [*ROOT.glob("templates/**/*.html"), *(each for app in APPS for each in Path(ROOT, app).rglob("*.py"))]
    used = set()
    for file in files:
        source = file.read_text()
        if not MARKED.search(source):
            continue
        code = templatize(source, origin=file.name) if file.suffix == ".html" else source
        messages = [message for _, message, *_ in extract("python", BytesIO(code.encode()), CALLS)]
        used |= {message[0] if isinstance(message, tuple) else message for message in messages}
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        told = {entry.id[0] if entry.pluralizable else entry.id: entry for entry in read_po(file) if entry.id}
    assert len(used) > 100
    assert used == set(told)
    for key, entry in told.items():
        said = entry.string if entry.pluralizable else [entry.string]
        assert all(said), key
        assert not any(map(english.is_chinese, said)), key
        assert list(entry.check()) == [], key


def test_the_district_has_english_words_for_its_own_things():
    folder = Path(settings.DISTRICT_DIR)
    tables = {name: tomllib.loads((folder / f"{name}.toml").read_text()) for name in ("english", "themes", "homes")}
    samples = tomllib.loads((folder / "samples/themes.toml").read_text())["theme"]
    words = {theme["name"] for theme in (*tables["themes"]["theme"], *samples)}
    words |= {home["lead"] for home in tables["homes"]["home"]} | {theme["home_lead"] for theme in samples}
    for name, columns in (("facilities", ("name",)), ("order_categories", ("name", "sentence"))):
        with (folder / f"{name}.csv").open() as file:
            words |= {row[column] for row in csv.DictReader(file) for column in columns}
    assert words == set(tables["english"])
    assert not any(map(english.is_chinese, tables["english"].values()))


def test_what_all_homes_are_called_stays_in_one_piece():
    assert kept_ending("嘉和社区老党员之家") == '嘉和社区<span class="keep">老党员之家</span>'
    assert kept_ending("<b>老党员之家") == '&lt;b&gt;<span class="keep">老党员之家</span>'
    for name in ("老党员之家", "院里装路灯"):
        assert kept_ending(name) is name
