"""What can be found, by which words, in which order; and that nothing is found that is not public."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activities.models import Notice
from config.limits import Flood
from homes import founding
from homes.models import Home, SearchEntry
from homes.search import asking, index, showing
from homes.search.sounds import plain, readings, syllables, toneless
from homes.views import search as view
from tests.makers import call_off, make_activity_of, make_course_of, make_home, make_notice

# of each home that is known: words of its theme, how it sounds, its initials, two characters of its story
KNOWN = {
    "yili": ("航天", "yilishequ", "ylsq", "梦想"),
    "tiantianxiangshang": ("铁路", "tiantianxiangshang", "ttxs", "奋斗"),
    "xingdian-huayuan": ("电力", "xingdianhuayuan", "xdhy", "议事"),
    "chilinglu": ("厨房", "chilinglu", "cll", "温馨"),
    "jiahe": ("金秋", "jiahe", "jhsq", "诗词"),
    "huasheng-jiayuan": ("智慧", "huashengjiayuan", "hsjy", "邮筒"),
    "heishipu": ("红背心", "heishipu", "hsp", "居民"),
    "tianxinge": ("红五老", "tianxinge", "txg", "门面"),
    "gaoyun": ("农场", "gaoyun", "gysq", "城乡"),
}


def titles(text, **at):
    found = asking.find(text, at.get("now") or timezone.now())
    return [entry.title for entry in found.entries(0, 30)] if found else None


def test_each_known_home_comes_first(district):
    index.index_all()
    first = {
        (slug, text): asking.find(text, timezone.now()).entries(0, 1)[0].address
        for slug, texts in KNOWN.items()
        for text in texts
    }
    assert first == {(slug, text): f"/homes/{slug}/" for slug, texts in KNOWN.items() for text in texts}


@pytest.fixture
def found_here(cast):
    """The cast with a few things more, all of it in the index."""
    home = cast.homes["here"]
    make_course_of(home, "二胡班", "erhu")
    make_activity_of(home, "听二胡", status="finished", starts_in=timedelta(days=-9))
    make_activity_of(home, "听二胡（冬天）", starts_in=timedelta(days=9))
    make_activity_of(home, "夜里看绿灯", kind=home.activities.first().kind)
    Home.objects.filter(pk=home.pk).update(story="有人在１０号楼拉二胡，也有人学ＡＢＣ。")
    index.index_all()
    return cast


def test_however_it_is_typed(found_here):
    for text in (
        "二胡",
        "erhu",
        "ERHU",
        "ｅｒｈｕ",
        "èr hú",
        "er2hu2",
        "er4 hu1",
        "er hu",
        "eh",
        "ehb",
        "erh",
        "二hu",
        "二湖",
        "　二胡 ",
    ):
        assert "二胡班" in titles(text), text
    for text in ("绿灯", "lvdeng", "lüdeng", "lǜ dēng", "夜里绿灯", "夜里 绿灯"):
        assert titles(text)[0] == "夜里看绿灯", text
    assert titles("二胡 夜里") == []
    assert titles("二胡班金丝雀") == titles("二胡班 金丝雀")
    assert found_here.homes["here"].name in titles("10号楼")
    assert found_here.homes["here"].name in titles("abc")


def test_names_come_first_and_what_is_to_come_before_what_was(found_here):
    assert titles("二胡") == [
        "二胡班",
        "二胡班",
        "听二胡（冬天）",
        "听二胡",
        found_here.homes["here"].name,
        "课程和队伍",
    ]
    assert titles("听二胡") == ["听二胡", "听二胡（冬天）"]  # one has exactly this name
    assert asking.find("二湖", timezone.now()).how == "sound"


def test_odd_questions_are_no_error(found_here, client):
    for text in (
        "",
        " ",
        "%",
        "_",
        "'",
        '"',
        "\\",
        "\0",
        "😀",
        "*",
        "二胡*",
        "a" * 500,
        "二" * 500,
        "')--",
        "zhuangg" * 9,
        "|",
        "¬",
        "é́",
        "٣",
    ):
        answer = client.get("/search/", {"q": text})
        assert answer.status_code == client.get("/search/suggestions", {"q": text}).status_code == 200, text
    assert client.get("/search/", {"q": "二胡", "page": "x", "kind": "nothing"}).status_code == 200
    assert titles("%") is None


def test_nothing_that_is_not_public_is_in_the_index(found_here):
    cast = found_here
    kept = "\n".join("\n".join((entry.title, entry.body, entry.tokens)) for entry in SearchEntry.objects.all())
    hidden = [home.name for home in cast.drafts.values()] + [each.title for each in cast.draft_activities.values()]
    hidden += [project.name for project in cast.proposals.values()]
    for letter in (*cast.letters.values(), *cast.new_letters.values()):
        hidden += [letter.subject, letter.body, letter.telephone, letter.code]
    assert [words for words in hidden if words in kept or plain(words) in kept] == []
    kinds = set(SearchEntry.objects.values_list("kind", flat=True))
    assert kinds == set(index.SOURCES) | set(index.FIXED)
    assert index.index_all() == 0  # harmless to run again


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_found_at_once_and_what_is_taken_back_no_more(cast, client):
    home = make_home(cast.communities["here"], "听松园老党员之家", "pine")
    make_notice(home, "听松园停水")
    assert titles("听松园") == ["听松园老党员之家", "听松园停水"]
    call_off(home, by=cast.district_officer)
    founding.archive(home, by=cast.district_officer, reason="搬走了")
    assert titles("听松园") == ["听松园停水"]
    founding.publish(home, by=cast.district_officer)
    Home.objects.filter(pk=home.pk).update(status="closed")  # announces nothing: the index lags, the page does not
    assert titles("听松园") == ["听松园老党员之家", "听松园停水"]
    page = client.get("/search/", {"q": "听松园"}).content.decode()
    assert "/homes/pine/" not in page
    assert "/notices/" in page
    assert [each["title"] for each in client.get("/search/suggestions", {"q": "tingsong"}).json()["suggestions"]] == [
        "听松园停水"
    ]
    Notice.objects.update(expires_on=timezone.localdate())
    index.index_all()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert titles("听松园") == []
    notice = Notice.objects.get(title="听松园停水")
    notice.delete()
    assert titles("听松园") == []
    assert not SearchEntry.objects.filter(title="听松园停水").exists()


def test_a_notice_whose_moment_has_come_is_found(cast):
    notice = make_notice(cast.homes["here"], "听松园放假")
    Notice.objects.filter(pk=notice.pk).update(publish_at=timezone.now() + timedelta(hours=1))
    index.index_all()
    assert titles("听松园") == []
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        index.catch_up()
        assert titles("听松园") == ["听松园放假"]


def test_the_page(found_here, client):
    page = client.get("/search/", {"q": "erhu", "kind": "course"}).content.decode()
    assert "<mark>二胡</mark>班" in page
    assert 'content="noindex"' in page
    assert 'rel="nofollow"' in page
    assert "听二胡" not in page
    nothing = client.get("/search/", {"q": "elhuban"}).content.decode()
    assert "没有找到" in nothing
    assert "您要找的是不是" in nothing
    assert "/courses/erhu/" in nothing
    told = client.get("/search/suggestions", {"q": "erh"}).json()["suggestions"]
    assert told[0]["title"] == "二胡班"
    assert told[0]["url"].startswith("/search/?q=")
    assert (
        "有人这样找" in client.get("/search/").content.decode()
        or "也可以直接去看" in client.get("/search/").content.decode()
    )


def test_a_flood_waits_a_minute(client, cast, monkeypatch):
    monkeypatch.setattr(view, "SEARCHES", Flood(2))
    monkeypatch.setattr(view, "TYPING", Flood(0))
    answers = [client.get("/search/", {"q": f"词{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"]
    assert "请等一会儿" in answers[2].content.decode()
    assert client.get("/search/suggestions", {"q": "词语"}).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert client.get("/search/").status_code == 200


def test_sounds():
    assert toneless("huā gǔ lǜ hua1gu3 5x") == "hua gu lu huagu 5x"
    assert syllables("绿K歌2") == ("lu", "K", "ge", "2")
    assert [("xian", True)] in readings("xian")
    assert [("xi", True), ("an", True)] in readings("xian")
    assert readings("bpx")
    assert not readings("i")


def test_what_was_found_is_marked_where_it_stands():
    words = asking.words_of("ＡＢ 二胡")
    assert showing.marked("（二）胡a B", words)[1] == ("二", True)
    parts = showing.snippet("字" * 100 + "拉二胡" + "字" * 100, words)
    assert [parts[0].text[0], parts[1], parts[-1].text[-1]] == ["…", ("二胡", True), "…"]
