"""What is the matter: each finding where it is so and where it is not, and the page that shows them."""

import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

import manage
from activities.models import Message
from branches.audit import Action, record
from config import findings_now, tally, timers
from config.findings import CHECKS, Level, examined, findings
from tests.config.watching import back_up, level, said


def test_every_finding_of_a_sound_site_is_fine(place, db):
    found = examined(check for check in CHECKS.values() if not check.deployment)
    assert [each for each in found if each.level] == []
    assert len(found) == len({each.key for each in found}) > 10


def test_backups_grow_old(place, db, settings):
    back_up(settings, 25.9)
    assert level("backup") == Level.FINE
    back_up(settings, 26.1)
    assert level("backup") == Level.WRONG
    (settings.BACKUP_DIR / "portal.backup").unlink()
    assert "一份备份也没有" in said("backup")


def test_the_disk_is_full_at_ten_per_cent(place, monkeypatch):
    for free, expected in ((101, Level.FINE), (100, Level.WRONG)):
        monkeypatch.setattr(
            findings_now.shutil, "disk_usage", lambda folder, free=free: SimpleNamespace(total=1000, free=free)
        )
        assert level("disk") == expected


def test_more_than_one_per_cent_of_requests_fail(place):
    counted = tally.Tally()
    for number in range(100):
        counted.count(failed=number == 0)
    assert level("failures") == Level.FINE
    counted.count(failed=True)
    assert level("failures") == Level.WRONG


def test_twenty_failed_log_ins_in_ten_minutes(place, db):
    now = timezone.now()
    for number in range(20):
        with time_machine.travel(now - timedelta(minutes=11 if number == 0 else 5), tick=False):
            record(Action.LOG_IN_FAILED)
    assert level("log_ins") == Level.FINE
    record(Action.LOG_IN_FAILED)
    assert level("log_ins") == Level.WRONG


def test_a_timer_that_fails_or_does_not_run(place, db):
    timers._leave("purge", well=False)
    assert "上一次没有办成" in said("timers")
    timers._leave("purge", well=True)
    assert level("timers") == Level.FINE
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        assert {found.key for found in findings(CHECKS["timers"])} == {
            f"timers:{name}" for name in ("tell", "dispatch_orders", "alert")
        }
    timers._leave(timers.AUDIT, well=False)
    assert level("audit") == Level.WRONG
    for path in (place / "watching").glob("*.well"):
        path.unlink()
    (never,) = (found for found in findings(CHECKS["timers"]) if found.key == "timers:never")
    assert never.said.startswith("“到点发布、提醒、发通知”、“求助单到时间的事”、")
    assert "核对审计记录" not in never.said  # that one has failed


def test_a_command_leaves_its_mark(place):
    def run(arguments, end):
        with timers.marked(arguments):
            if end:
                raise end

    before = timers.mark_of("purge").at
    for arguments in (["purge", "--dry-run"], ["migrate"]):
        run(arguments, None)
    assert timers.mark_of("purge") == timers.Mark(before, failed=False)
    for end in (SystemExit(1), OperationalError()):
        with pytest.raises(type(end)):
            run(["purge"], end)
        assert timers.mark_of("purge") == timers.Mark(before, failed=True)
        run(["purge"], None)
        assert not timers.mark_of("purge").failed
        before = timers.mark_of("purge").at


def test_manage_leaves_the_mark(place, monkeypatch):
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda arguments: sys.exit(1))
    monkeypatch.setattr(sys, "argv", ["manage.py", "audit", "verify"])
    with pytest.raises(SystemExit):
        manage.main()
    assert timers.mark_of(timers.AUDIT).failed


def test_what_waits_too_long(place, cast):
    message = (
        cast.bookings["here"]
        .sign_ups.first()
        .messages.create(kind="reminder", version=7, words="提醒您", channel="sms")
    )
    assert level("queue") == Level.FINE
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=61))
    assert level("queue") == Level.LOOK
    Message.objects.filter(pk=message.pk).update(channel="telephone")  # those are rung up: somebody else's list
    assert level("queue") == Level.FINE


def test_the_page_is_for_the_technician(place, cast, client_of, settings):
    opened = {name: client_of(user).get("/desk/health/").status_code for name, user in cast.people.items() if user}
    assert {name for name, status in opened.items() if status == 200} == {"technician"}
    assert client_of(None).get("/desk/health/").status_code == 302
    settings.BACKUP_DIR.joinpath("portal.backup").unlink()
    client = client_of(cast.technician)
    page = client.get("/desk/health/")
    wrong, others = page.text.split('id="others"')
    assert "一份备份也没有" in wrong.split('id="wrong"')[1]
    assert "磁盘" in others
    assert "no-store" in page["Cache-Control"]
    assert "/desk/health/" in client.get("/admin/").text
    assert "/desk/health/" not in client_of(cast.officer).get("/admin/").text
