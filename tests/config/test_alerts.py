"""Who hears of what is the matter, and how often."""

import json
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from branches.audit import Action, record
from config import alerts, findings_now
from config.findings import CHECKS, CannotLookError, examined, findings, of_kind
from tests.config.watching import back_up


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
