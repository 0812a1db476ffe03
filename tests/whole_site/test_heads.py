"""What every public page says of itself to search engines, to WeChat and to the rules for public bodies."""

import json
import re

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import resolve

from config.sharing import FORMS, SECTIONS
from homes.models import Home
from tests.cast import ASKING, BOOKED, MOBILES, SERVING, WRITTEN
from tests.whole_site.heads import Head
from tests.whole_site.public_addresses import PUBLIC, at
from tests.whole_site.shapes import SHAPES, faults

ONCE = (
    "description", "SiteName", "SiteDomain", "og:title", "og:description", "og:url", "og:type", "og:site_name",
    "og:locale", "og:image", "og:image:width", "og:image:height", "og:image:alt",
)  # fmt: skip
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLES = {"activities:activity", "activities:notice", "letters:letter", "projects:project"}
# of whoever signed up, wrote, asked, serves, works: these stand in records of the cast, and in no head
PERSONS = ("来宾", "同伴", "坐前排", "婆婆", "外孙", "唱完戏", "报名者", "小陈", "老谭", "老魏", "书记", "502")
TELEPHONES = [number for each in (ASKING, BOOKED, WRITTEN) for number in each.values()]
TELEPHONES += [number for each in (MOBILES, SERVING) for numbers in each.values() for number in numbers]


def head(client, address):
    caches["pages"].clear()  # what a test writes is never committed, so it tells no page that it is old
    return Head(client.get(address).content.decode())


@pytest.mark.once
def test_every_public_page_says_once_what_it_is(cast):
    client, wrong, titles, shared, kinds = Client(), {}, {}, 0, set()
    for route, (written, reading, _) in PUBLIC.items():
        address = at(written, cast)
        response = client.get(address) if reading == 200 and not written.startswith(("{", "/lookup/")) else None
        text, path = response.getvalue() if response else b"", address.partition("?")[0]
        if not text.startswith(b"<!doctype html>"):
            continue
        text = text.decode()
        found, name = Head(text), resolve(path).view_name
        kinds |= {block["@type"] for block in found.blocks}
        said = [f"{fault}" for block in found.blocks for fault in faults(block)]
        said += [word for word in (*PERSONS, *TELEPHONES) if word in found.text + json.dumps(found.blocks)]
        if len(found.titles) != 1 or not found.titles[0].partition(" · ")[0].strip():
            said.append(f"titles: {found.titles}")
        if "noindex" not in found.metas.get("robots", []) or name in FORMS:
            shared += 1
            said += [each for each in ONCE if [bool(content) for content in found.metas.get(each, [])] != [True]]
            said += _addresses(found, path)
            said += [each for each in COLUMN if bool(found.metas.get(each)) != (name in SECTIONS)]
            if (found.one("og:type") == "article") != (name in ARTICLES):
                said.append("article or not")
            if name in ARTICLES and not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found.one("PubDate")):
                said.append("PubDate")
            if name in ARTICLES and not (found.one("ArticleTitle") and "来源" in text and found.one("ContentSource")):
                said.append("an article without a title, or a source")
            if ('class="crumbs"' in text) != ("BreadcrumbList" in {block["@type"] for block in found.blocks}):
                said.append("breadcrumbs")
            said += [f"as {titles[found.titles[0]]}"] if found.titles[0] in titles else []
            titles[found.titles[0]] = path
        if said:
            wrong[f"{route} {name}"] = said
    assert wrong == {}
    assert shared > 30
    assert kinds == {"WebSite", "Place", "Event", "Course", "BreadcrumbList"}


def _addresses(found, path):
    """What is wrong with the address a page says it has, and with that of its picture."""
    said = [] if found.links.get("canonical") == [f"http://testserver{path}"] else [f"{found.links.get('canonical')}"]
    said += [] if found.metas.get("og:url") == found.links.get("canonical") else ["og:url"]
    picture = r"http://testserver/pictures/(portal|[hac]/\d+)-[0-9a-f]{12}\.png"
    return said + ([] if re.fullmatch(picture, "".join(found.metas.get("og:image", []))) else ["og:image"])


def test_the_judge_sees_what_is_wrong():
    good = {"@context": "https://schema.org", "@type": "Organization", "name": "家"}
    assert faults(good) == []
    for change, words in (
        ({"name": ""}, "will not do"),
        ({"name": None}, "will not do"),
        ({"founder": "某人"}, "does not belong"),
        ({"@context": "schema.org"}, "no @context"),
        ({"areaServed": {"@type": "Person", "name": "某人"}}, "no such type"),
        ({"areaServed": {"@type": "AdministrativeArea"}}, "is missing"),
        ({"url": "/homes/"}, "will not do"),
    ):
        assert words in " ".join(faults(good | change)), change
    assert {part for must, may in SHAPES.values() for part in must - may.keys()} == set()


def test_words_that_are_markup_stay_words(cast, client):
    name = """"><script>alert('1')</script> & <b>"""
    Home.objects.filter(pk=cast.homes["here"].pk).update(name=name, lead=f"{name}。")
    found = head(client, "/homes/here/")
    assert "<script>alert" not in client.get("/homes/here/").content.decode()
    assert found.titles == [f"{name} · 美在金秋"]
    assert [found.one(each) for each in ("og:title", "description", "og:description")] == [
        name,
        f"{name}。",
        f"{name}。",
    ]
    assert found.one("og:image:alt").startswith(name)
    assert next(block["name"] for block in found.blocks if block["@type"] == "Place") == name


def test_a_page_has_one_address_whatever_is_asked_of_it(cast, client):
    for asked, address in (
        ("/homes/?open=1", "/homes/"),
        ("/homes/?page=2", "/homes/"),  # there is no second one
        ("/homes/here/?from=wechat", "/homes/here/"),
        ("/activities/month/?month=2026-12", "/activities/month/?month=2026-12"),
        ("/activities/month/?month=2026-11", "/activities/month/"),  # this month
        ("/activities/month/?month=2026-12&kind=talk", "/activities/month/?month=2026-12"),
    ):
        assert head(client, asked).address == f"http://testserver{address}", asked
    with override_settings(SITE_ADDRESS="https://jinqiu.example.cn"):
        found = head(client, "/homes/here/")
    assert found.address == found.one("og:url") == "https://jinqiu.example.cn/homes/here/"
    assert found.one("og:image").startswith("https://jinqiu.example.cn/pictures/h/")
    assert found.one("SiteDomain") == "jinqiu.example.cn"


def test_the_second_page_of_a_list_is_a_page(cast, client, monkeypatch):
    monkeypatch.setattr("homes.views.pages.PAGE_SIZE", 2)
    assert head(client, "/homes/?page=2").address == "http://testserver/homes/?page=2"
    assert head(client, "/homes/?page=2&q=之家").address == "http://testserver/homes/"


def test_who_answers_for_the_portal_is_told_from_the_settings(cast, client):
    assert head(client, "/").blocks[0]["publisher"]["@type"] == "Organization"
    assert "SiteIDCode" not in head(client, "/").metas
    with override_settings(SITE_ORGANISER="某区某局", SITE_EMAIL="a@example.cn", SITE_IDENTIFIER="4301030001"):
        found = head(client, "/about/")
    (body,) = (block["publisher"] for block in found.blocks if block["@type"] == "WebSite")
    assert (body["@type"], body["name"]) == ("GovernmentOrganization", "某区某局")
    assert body["areaServed"]["name"] == "望岳区"
    assert found.one("SiteIDCode") == "4301030001"
    assert [fault for block in found.blocks for fault in faults(block)] == []


def test_a_home_tells_when_it_is_open_and_that_it_is_a_sample(cast, client):
    home = cast.homes["here"]
    Home.objects.filter(pk=home.pk).update(is_sample=True)
    home.hours.all().delete()
    home.hours.create(weekday=0, opens="08:30", closes="17:30")
    home.exceptions.create(first_day="2026-12-01", last_day="2026-12-02", reason="修路")
    found = head(client, "/homes/here/")
    (place,) = (block for block in found.blocks if block["@type"] == "Place")
    assert faults(place) == []
    assert place["name"] == found.one("og:title") == "【示例数据】金丝雀之家"
    assert place["openingHoursSpecification"] == [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": ["https://schema.org/Monday"], "opens": "08:30",
         "closes": "17:30"},
    ]  # fmt: skip
    (shut,) = place["specialOpeningHoursSpecification"]
    assert (shut["opens"], shut["closes"], shut["validThrough"]) == ("00:00", "00:00", "2026-12-02")
    Home.objects.filter(pk=home.pk).update(status="suspended")
    (place,) = (block for block in head(client, "/homes/here/").blocks if block["@type"] == "Place")
    assert "openingHoursSpecification" not in place


def test_the_pages_of_one_person_and_of_the_desk_are_passed_on_to_nobody(cast, client_of):
    client = client_of(cast.organiser)
    for address in ("/desk/", "/lookup/", "/nowhere/"):
        found = Head(client.get(address).content.decode())
        assert len(found.titles) == 1
        assert "canonical" not in found.links
        assert not [name for name in found.metas if name.startswith("og:")]
