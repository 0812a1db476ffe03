"""What residents find of courses and notices."""

import re
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from activities.models import Activity, ActivityKind, Course, Notice, NoticeFile
from tests.activities.reading import DAY, HOUR, get, text
from tests.activities.town import make_activity, make_course, make_kind
from tests.makers import make_course_of, make_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def test_the_courses_that_run_the_next_one_first(home, client):
    course = make_course(home)
    later = Course.objects.create(
        title="书法班", slug="shufa", kind=make_kind(), home=home, division=home.division,
        since=course.since, until=course.until,
    )  # fmt: skip
    make_activity(home, course=later, starts_in=HOUR * 5)
    over = Course.objects.create(
        title="上一期", slug="over", kind=make_kind(), home=home, division=home.division,
        since=course.since - 90 * DAY, until=course.since - 30 * DAY,
    )  # fmt: skip
    make_activity(home, course=over, starts_in=-40 * DAY, status="finished")
    Course.objects.create(
        title="还没发布", slug="draft", kind=make_kind(), home=home, division=home.division,
        since=course.since, until=course.until,
    )  # fmt: skip
    page = get(client, "/courses/")
    assert [each.title for each in page.context["courses"]] == ["书法班", "二胡班"]
    assert "还有3次" in text(page)
    assert get(client, "/courses/over/").status_code == 200
    assert get(client, "/courses/draft/").status_code == 404


def test_a_course_with_its_sessions_and_their_state(home, client):
    course = make_course(home)
    make_activity(home, title="第0次", course=course, starts_in=-DAY, status="finished")
    last = course.sessions.order_by("starts_at").last()
    Activity.objects.filter(pk=last.pk).update(status="cancelled", note="国庆")
    make_activity(home, title="草稿", course=course, starts_in=3 * DAY, status="draft")
    page = get(client, course.get_absolute_url())
    assert [(len(page.context[name])) for name in ("coming", "past", "open")] == [3, 1, 2]
    for words in ("后面的2次课都给您留位子", "已取消", "上过的1次课", "整门课放进手机日历", "老师"):
        assert words in text(page)
    assert "11月19日（星期四）" in text(page)


def test_a_course_that_is_over_offers_no_enrolling(home, client):
    course = make_course(home, status="finished")
    page = text(get(client, course.get_absolute_url()))
    assert "整门课都报名" not in page


@pytest.fixture
def learning(cast):
    """Two choirs here and elsewhere, a class of 二胡 here; the cast has a class of painting in each area."""
    for area, title in (("here", "合唱班"), ("elsewhere", "合唱班"), ("here", "二胡班")):
        make_course_of(cast.homes[area], title, f"{area}-{'choir' if title == '合唱班' else 'erhu'}")
    over = make_course_of(cast.homes["here"], "上一期", "over")
    Course.objects.filter(pk=over.pk).update(since=over.since - 90 * DAY, until=over.since - DAY)


def test_a_choir_is_found_without_searching(learning, client):
    page = text(get(client, "/courses/"))
    chips = re.findall(r'<a class="choice" href="([^"]+)"( aria-current="true")?>([^<]+)</a>', page)
    assert chips[:2] == [("?", ' aria-current="true"', "全部"), (f"?title={quote('合唱班')}", "", "合唱班")]
    assert len(chips) == len({label for *_, label in chips}) == 6  # each title once, and none that is over
    found = get(client, chips[1][0].join(("/courses/", "")))
    assert [each.title for each in found.context["courses"]] == ["合唱班"] * 2
    assert "<title>课程和队伍：合唱班 · " in text(found)
    assert f'{chips[1][0]}" aria-current="true">合唱班' in text(found)


def test_courses_of_a_street(learning, client):
    page = get(client, "/courses/?street=990100001000")
    assert {each.home.slug for each in page.context["courses"]} == {"here", "next-door"}
    one = get(client, f"/courses/?street=990100001000&title={quote('合唱班')}")
    assert [each.home.slug for each in one.context["courses"]] == ["here"]
    assert 'value="990100001000" selected' in text(one)
    assert '<input type="hidden" name="title" value="合唱班">' in text(one)
    assert f"?title={quote('二胡班')}&amp;street=990100001000" in text(one)


def test_no_such_course_shows_the_way_to_all(learning, client):
    for question in ("title=<b>跳伞", "street=nowhere", f"title={'长' * 500}", "title=%00&street=%00"):
        page = get(client, f"/courses/?{question}")
        assert page.status_code == 200
        assert "<b>跳伞" not in text(page)
    assert "没有找到这样的课" in text(get(client, "/courses/?title=跳伞"))


@pytest.mark.parametrize("address", ["/", "/activities/", "/homes/?q=合唱"])
def test_the_way_to_the_courses(cast, client, address):
    main = text(get(client, address)).partition("<main")[2]
    assert re.search(r'<a[^>]* href="/courses/">', main)


def test_current_notices_pinned_ones_first(home, client):
    for title in ("第一条", "第二条", "置顶的", "过期的", "撤回的", "以后的"):
        make_notice(home, title)
    now = timezone.now()
    change = {
        "第一条": {"publish_at": now - 2 * DAY, "expires_on": timezone.localdate()},
        "第二条": {"publish_at": now - DAY},
        "置顶的": {"publish_at": now - 3 * DAY, "pinned": True},
        "过期的": {"publish_at": now - 9 * DAY, "expires_on": timezone.localdate() - DAY},
        "撤回的": {"status": "withdrawn", "note": "写错了"},
        "以后的": {"publish_at": now + HOUR},
    }
    for title, fields in change.items():
        Notice.objects.filter(title=title).update(**fields)
    page = get(client, "/notices/")
    assert [notice.title for notice in page.context["notices"]] == ["置顶的", "第二条", "第一条"]
    assert get(client, Notice.objects.get(title="以后的").get_absolute_url()).status_code == 404
    assert "已过期" not in text(get(client, Notice.objects.get(title="第一条").get_absolute_url()))
    old = text(get(client, Notice.objects.get(title="过期的").get_absolute_url()))
    assert "已过期" in old
    assert "过期的的正文" in old


def test_a_withdrawn_notice_keeps_its_address_and_says_why(home, client):
    notice = make_notice(home, "停水")
    file = notice.files.get()
    address = f"{notice.get_absolute_url()}files/{file.pk}/"
    assert get(client, address).getvalue()
    Notice.objects.filter(pk=notice.pk).update(status="withdrawn", note="日子写错了")
    page = text(get(client, notice.get_absolute_url()))
    assert "已撤回" in page
    assert "日子写错了" in page
    assert "停水的正文" not in page
    assert address not in page
    assert get(client, address).status_code == 404


def test_a_file_is_what_it_was_found_to_be_and_always_saved(home, client):
    notice = make_notice(home, "停水")
    content = b"<script>alert(1)</script>"
    file = NoticeFile.objects.create(
        notice=notice, title='通知"; x=\r\n<b>', file=ContentFile(content, name="a.html"), kind="pdf", size=25
    )
    response = client.get(f"{notice.get_absolute_url()}files/{file.pk}/")
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]
    NoticeFile.objects.filter(pk=file.pk).update(kind="html")
    response = client.get(f"{notice.get_absolute_url()}files/{file.pk}/")
    response.getvalue()
    assert response["Content-Type"] == "application/octet-stream"


def test_a_file_belongs_to_its_notice(home, client):
    notice, other = make_notice(home, "停水"), make_notice(home, "停电")
    assert client.get(f"{other.get_absolute_url()}files/{notice.files.get().pk}/").status_code == 404


def test_files_of_a_draft_are_for_those_who_work_on_it(cast, client_of):
    notice = cast.notices["here"]
    file = notice.files.get()
    Notice.objects.filter(pk=notice.pk).update(status="draft", publish_at=None)
    seen = set()
    for person, user in cast.people.items():
        response = client_of(user).get(f"{notice.get_absolute_url()}files/{file.pk}/")
        response.getvalue()
        if response.status_code == 200:
            assert response["Cache-Control"] == "private, no-store"
            seen.add(person)
    assert seen == {"officer", "street_officer", "district_officer", "organiser", "technician"}


def test_a_notice_reads_as_text(home, client):
    notice = make_notice(home, "停水")
    Notice.objects.filter(pk=notice.pk).update(body="<script>alert(1)</script>\n\n第二段")
    page = text(get(client, notice.get_absolute_url()))
    assert "&lt;script&gt;alert(1)" in page
    assert "<p>第二段</p>" in page


def test_a_kind_that_is_archived_is_no_choice(home, client):
    make_activity(home)
    assert "种类talk</option>" in text(get(client, "/activities/"))
    ActivityKind.objects.update(is_archived=True)
    assert "种类talk</option>" not in text(get(client, "/activities/"))
