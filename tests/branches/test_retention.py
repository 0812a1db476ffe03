"""What time asks: everything is kept as long as docs/privacy.md says, and no longer."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from branches import audit, privacy
from branches.models import (
    AuditEntry,
    CareVisit,
    CommunityMembership,
    Event,
    Member,
)
from tests.districts.folders import everything, run
from tests.makers import make_member
from tests.whole_site.database_bytes import database_bytes, found_in, texts


@pytest.fixture
def four_years_later(cast):
    """Somebody left long ago, somebody last year, somebody was never taken in; a note, events and a log are old."""
    today = timezone.localdate()

    def gone(name, days):
        member = make_member(cast.branches["here"], name, since=today - timedelta(days=days + 100))
        until = today - timedelta(days=days)
        member.memberships.update(status="ended", until=until, end_reason="moved")
        return member

    people = {
        "long gone": gone("很早离开的人", 4 * 366),
        "gone": gone("去年离开的人", 300),
        "back": gone("走了又回来的人", 4 * 366),
        "refused": make_member(
            cast.branches["here"], "没有通过的人", status="rejected", since=today - timedelta(days=4 * 366)
        ),
    }
    CommunityMembership.objects.create(
        member=people["back"], branch=cast.branches["here"], status="active", since=today, home_unit="老厂"
    )
    for days, note in ((3 * 366, "三年前的话"), (300, "去年的话")):
        CareVisit.objects.create(
            member=cast.members["here"], visited_on=today - timedelta(days=days), note=note, kind="visit"
        )
    with time_machine.travel(timezone.now() - timedelta(days=3 * 366)):
        Event.objects.create(subject="x", subject_pk=1, event="x", after="x", actor_name="系统", reason="三年前的原因")
        LogEntry.objects.create(
            user=cast.officer, content_type=ContentType.objects.get_for_model(Member), object_id="1",
            object_repr="三年前的日志", action_flag=CHANGE,
        )  # fmt: skip
    Event.objects.create(subject="x", subject_pk=1, event="x", after="x", actor_name="系统", reason="今天的原因")
    Session.objects.create(session_key="old", session_data="x", expire_date=timezone.now() - timedelta(days=1))
    return people


def test_a_trial_counts_and_changes_nothing(four_years_later):
    before = everything()

    report = run("purge", "--dry-run")

    assert everything() == before
    lines = report.splitlines()
    assert lines[:8] == [
        "离开支部已久的党员：清空个人信息：2",
        "走访的文字：1",
        "走访历史里的文字：1",
        "办理经过里写的原因和代办人：1",
        "后台操作日志：1",
        "过期的临时内容（上传后没有导入的名册等）：0",
        "一个月以前的导出申请：0",
        "过期的登录：1",
    ]
    assert {"活动过去半年的报名单：清空姓名和电话：0", "活动过去半年的临时签到：清空姓名：0"} <= set(lines)
    assert all(line.endswith("：0") for line in lines[8:-1])  # what other apps keep
    assert lines[-1] == "试算，没有改动。"


def test_what_is_kept_too_long_goes_and_nothing_else(four_years_later, no_rewriting):
    audited = list(AuditEntry.objects.values())

    run("purge")

    names = {key: Member.objects.get(pk=member.pk).name for key, member in four_years_later.items()}
    assert names == {"long gone": "", "gone": "去年离开的人", "back": "走了又回来的人", "refused": ""}
    content = texts()
    for text in ("很早离开的人", "没有通过的人", "三年前的话", "三年前的原因"):
        assert text not in content
    assert "去年的话" in content
    assert "今天的原因" in content
    assert not LogEntry.objects.filter(object_repr="三年前的日志").exists()
    assert not Session.objects.filter(session_key="old").exists()
    entry = AuditEntry.objects.get(action="purge")
    assert entry.data["counts"]["members"] == 2
    assert AuditEntry.objects.filter(action="erase").count() == 2
    assert [row for row in AuditEntry.objects.values() if row in audited] == audited
    assert audit.verify() == []


def test_a_second_purge_finds_nothing(four_years_later, no_rewriting):
    run("purge")
    assert set(privacy.overdue().values()) == {0}


def test_the_periods_are_settings(four_years_later, settings):
    settings.KEEP_MEMBERS_YEARS = settings.KEEP_VISIT_NOTES_YEARS = 10
    settings.KEEP_LOGS_MONTHS = 120
    assert {key: count for key, count in privacy.overdue().items() if count} == {"sessions": 1}


@pytest.mark.django_db(transaction=True)
def test_what_was_purged_is_not_in_the_bytes_either(four_years_later):
    assert found_in(database_bytes(), ["很早离开的人", "三年前的原因"]) == ["很早离开的人", "三年前的原因"]
    call_command("purge", stdout=StringIO())
    assert found_in(database_bytes(), ["很早离开的人", "三年前的原因"]) == []


def test_what_waited_too_long_in_the_cache_is_counted_and_goes(cache_in_the_database, no_rewriting):
    cache_in_the_database.set("now", 1, 1800)
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        cache_in_the_database.set("yesterday", 1, 1800)
    assert "过期的临时内容（上传后没有导入的名册等）：1" in run("purge", "--dry-run")
    run("purge")
    assert "过期的临时内容（上传后没有导入的名册等）：0" in run("purge", "--dry-run")
    assert cache_in_the_database.get("now") == 1
