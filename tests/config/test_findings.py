"""What is the matter: each finding where it is so and where it is not, who hears of it, and how often."""

import json
import os
import sys
import time
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core import mail
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

import manage
from activities.models import Message
from branches.audit import Action, record
from branches.models import User
from config import alerts, checks_database, findings_deployment, findings_now, tally, timers
from config.demo_logins import DEMO_LOGINS
from config.findings import CHECKS, CannotLookError, Level, examined, findings, of_kind
from tests.audit_triggers import without_audit_triggers


@pytest.fixture
def place(settings, tmp_path):
    """A DATA_DIR and BACKUP_DIR of this test's own, of a production that has just been backed up."""
    settings.DATA_DIR, settings.BACKUP_DIR, settings.DEMO = tmp_path, tmp_path / "backups", False
    settings.BACKUP_DIR.mkdir()
    back_up(settings)
    for name in timers.TIMERS:
        timers._leave(name, well=True)
    return tmp_path


def back_up(settings, hours=0):
    path = settings.BACKUP_DIR / "portal.backup"
    path.touch()
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


def level(key):
    return max(found.level for found in findings(CHECKS[key]))


def said(key):
    return "".join(found.said for found in findings(CHECKS[key]))


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


# --- alerts ----------------------------------------------------------------------------------------------------------


def alert(capsys):
    call_command("alert")
    return capsys.readouterr().out


def test_each_thing_is_told_once_and_once_more_when_it_is_over(place, db, settings, capsys):
    settings.ALERT_EMAIL, settings.SENDS_EMAIL = ["technician@example.cn"], True
    assert alert(capsys) == "新的：0，已经好了的：0\n"
    back_up(settings, 27)
    assert "要处理：备份。超过26小时" in alert(capsys)
    assert len(mail.outbox) == 1
    assert "怎么办：" in mail.outbox[0].body
    assert alert(capsys) == "新的：0，已经好了的：0\n"
    back_up(settings)
    assert "已经好了：备份：超过26小时" in alert(capsys)
    assert alert(capsys) == "新的：0，已经好了的：0\n"
    assert len(mail.outbox) == 2


def test_what_did_not_get_through_is_told_again(place, db, settings, capsys, monkeypatch):
    settings.ALERT_WEBHOOK, posted = "https://hooks.example.cn/portal", []
    back_up(settings, 27)

    def refuse(*args, **kwargs):
        raise OSError("no route to technician@example.cn")

    with monkeypatch.context() as patch:
        patch.setattr(alerts.urllib.request, "urlopen", refuse)
        with pytest.raises(CommandError, match="OSError"):
            call_command("alert")

    answers = [b'{"errcode": 93000, "errmsg": "invalid webhook url"}', b'{"errcode": 0, "errmsg": "ok"}']

    def take(request, timeout):
        posted.append(json.loads(request.data))
        return BytesIO(answers[len(posted) - 1])

    monkeypatch.setattr(alerts.urllib.request, "urlopen", take)
    with pytest.raises(CommandError, match="RefusedError"):
        call_command("alert")
    call_command("alert")
    call_command("alert")
    assert len(posted) == 2
    assert posted[1]["msgtype"] == "text"
    assert posted[1]["text"]["content"].startswith(f"{settings.SITE_NAME}\n")


def test_a_long_alert_is_cut_for_a_robot_between_two_characters(settings, monkeypatch):
    settings.ALERT_WEBHOOK, posted = "https://hooks.example.cn/portal", []
    monkeypatch.setattr(
        alerts.urllib.request, "urlopen", lambda request, timeout: posted.append(request.data) or BytesIO(b"taken")
    )
    alerts.tell("满" * 5000, 1)
    content = json.loads(posted[0])["text"]["content"]
    assert 2000 < len(content.encode()) <= alerts.MOST_BYTES
    assert content.endswith("满")


@pytest.mark.parametrize("away", ["_post", "send_mail"])
def test_one_way_that_fails_does_not_stop_the_other(place, db, settings, capsys, monkeypatch, away):
    settings.ALERT_EMAIL, settings.SENDS_EMAIL = ["technician@example.cn"], True
    settings.ALERT_WEBHOOK, told = "https://hooks.example.cn/portal", []
    monkeypatch.setattr(alerts, "_post", told.append)
    monkeypatch.setattr(alerts, "send_mail", lambda *words: told.append(words))
    monkeypatch.setattr(alerts, away, lambda *words: 1 / 0)
    back_up(settings, 27)
    call_command("alert")
    assert "ZeroDivisionError" in capsys.readouterr().err
    call_command("alert")
    assert len(told) == 1


def test_while_the_database_is_away_what_it_knows_is_neither_new_nor_over(place, db, capsys, monkeypatch):
    for _ in range(20):
        record(Action.LOG_IN_FAILED)
    assert "登录失败太多" in alert(capsys)

    def away(*args, **kwargs):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        with pytest.raises(CannotLookError):
            findings(CHECKS["log_ins"])
        told = alert(capsys)
    assert "要处理：数据库" in told
    assert "登录失败" not in told
    told = alert(capsys)
    assert "已经好了：数据库" in told
    assert "登录失败" not in told


def test_everything_that_may_go_wrong_says_what_to_do(place, db, settings, monkeypatch):
    assert {check.key for check in of_kind("alert")} >= {
        "database", "cache", "disk", "backup", "failures", "log_ins", "exports", "audit", "timers", "queue",
    }  # fmt: skip
    settings.BACKUP_DIR.joinpath("portal.backup").unlink()
    monkeypatch.setattr(findings_now.shutil, "disk_usage", lambda folder: SimpleNamespace(total=1000, free=1))
    monkeypatch.setattr(type(caches["default"]), "get", lambda *args: 1 / 0)
    bad = [found for found in examined(of_kind("alert")) if found.level]
    assert {found.key for found in bad} >= {"backup", "disk", "cache"}
    assert all(found.todo for found in bad)


# --- page and doctor -------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(monkeypatch):
    """`outside(status)`: what the site answers to whoever comes from outside."""
    return lambda status: monkeypatch.setattr(
        findings_deployment, "_ask", lambda address: SimpleNamespace(status=status)
    )


def test_the_doctor_explains_each_finding_and_ends_with_1(place, db, settings, capsys, outside):
    outside(200)
    settings.SITE_ADDRESS, settings.ALERT_WEBHOOK = "https://portal.example.cn", "https://hooks.example.cn"
    secret = place / "portal.sqlite3"
    secret.touch(mode=0o600)
    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    told = capsys.readouterr().out
    assert end.value.code == 1
    assert "config.E002" in told  # the tests' cache is of one process
    assert "[正常] 文件的权限" in told
    settings.BACKUP_DIR.joinpath("portal.backup").unlink()
    with pytest.raises(SystemExit):
        call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert all("怎么办" in lines[place + 1] for place, line in enumerate(lines) if line.startswith("[要处理]"))
    assert any("一份备份也没有" in line for line in lines)


def test_a_file_with_keys_that_everybody_can_read(place, settings, monkeypatch):
    monkeypatch.setattr(findings_deployment, "_reachable", lambda path: True)
    keys = place / "environment"
    keys.touch(mode=0o600)
    settings.ENV_FILE, settings.BACKUP_DIR = str(keys), place / "none"
    assert level("files") == Level.FINE
    keys.chmod(0o644)
    assert "environment" in said("files")


@pytest.mark.parametrize(("status", "expected"), [(200, Level.FINE), (301, Level.WRONG), (502, Level.WRONG)])
def test_the_way_in_from_outside(settings, outside, status, expected):
    settings.SITE_ADDRESS = "https://portal.example.cn"
    outside(status)
    assert level("proxy") == expected


def test_mail_and_text_messages_are_tried(settings):
    settings.SENDS_EMAIL, settings.SMS_GATEWAY = True, "tests.nowhere.Gateway"
    assert level("mail") == Level.FINE  # the tests' own
    assert level("sms") == Level.WRONG


def test_style_sheets_that_were_not_collected(settings, tmp_path, monkeypatch):
    assert level("static") == Level.FINE
    stored = ManifestStaticFilesStorage(tmp_path)  # an empty folder
    monkeypatch.setattr(findings_deployment, "staticfiles_storage", stored)
    assert "没有收集" in said("static")


def test_the_doctor_reads_the_whole_chain(db):
    record(Action.LOG_IN)
    assert level("audit-chain") == Level.FINE
    with without_audit_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE branches_auditentry SET label = 'x'")
    assert level("audit-chain") == Level.WRONG


# --- system checks that ask the database -----------------------------------------------------------------------------


def test_a_demo_log_in_is_found_by_its_password(db, settings):
    settings.DEMO = False
    password = DEMO_LOGINS["admin"][1]
    user = User.objects.create_superuser("admin", password=password)
    assert [found.id for found in checks_database.nobody_has_a_demo_log_in(None, databases=["default"])] == [
        "config.E008"
    ]
    user.set_password("something quite different")
    user.save()
    assert checks_database.nobody_has_a_demo_log_in(None, databases=["default"]) == []


def test_the_role_may_not_rewrite_what_was_done(db):
    def found():
        return [each.id for each in checks_database.the_role_can_do_no_more_than_it_must(None, databases=["default"])]

    if connection.vendor == "sqlite":
        assert found() == []
        return
    assert found() == ["config.E007"]  # the tests' own role
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE site; GRANT ALL ON branches_auditentry TO site; SET ROLE site")
        assert found() == ["config.W006"]
        cursor.execute("RESET ROLE; REVOKE UPDATE, DELETE, TRUNCATE ON branches_auditentry FROM site; SET ROLE site")
        assert found() == []
        cursor.execute("RESET ROLE")


def test_the_server_of_the_database_writes_down_no_names(db):
    def found():
        return [each.msg for each in checks_database.the_server_writes_down_no_statement(None, databases=["default"])]

    if connection.vendor == "sqlite":
        assert found() == []
        return
    (message,) = found()
    assert "log_min_error_statement = error，log_error_verbosity = default" in message  # as PostgreSQL comes
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = panic")
        assert len(found()) == 1
        cursor.execute("SET LOCAL log_error_verbosity = terse")
    assert found() == []


# --- with somebody there -------------------------------------------------------------------------------------------


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


def test_an_export_is_told_once_and_never_over(place, cast, capsys):
    record(Action.EXPORT, by=cast.officer, rows=500)
    assert "导出" not in alert(capsys)
    record(Action.EXPORT, by=cast.officer, label="姓名", reason="重阳节慰问", rows=501)
    told = alert(capsys)
    assert "导出了501行" in told
    assert not {"姓名", "慰问", cast.officer.username, cast.officer.name} & set(told.split())
    assert "重阳" not in told
    assert "导出" not in alert(capsys)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert "导出" not in alert(capsys)


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
