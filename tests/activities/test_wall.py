"""What a month comes to on one sheet: nothing said twice, nothing left out in silence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from activities.models import Activity
from activities.wall import OFTEN, dates, month_sheet, rhythms

DAYS = range(1, 32)  # March 2027, which begins on a Monday
HERE = ZoneInfo("Asia/Shanghai")
BEFORE = datetime(2027, 2, 28, tzinfo=HERE)


def on(day, hour=9, title="合唱班", **fields):
    at = datetime(2027, 3, day, hour, tzinfo=HERE)
    known = {"pk": day * 100 + hour, "place": "二楼", "takes_sign_up": False} | fields
    return Activity(title=title, starts_at=at, ends_at=at + timedelta(hours=1), **known)


def in_order(rows):
    return sorted(rows, key=lambda row: row.starts_at)


def said(entries):
    return [f"{entry.label} {'；'.join(entry.pieces)}" for entry in entries]


def test_what_comes_every_week_is_said_once():
    sheet = month_sheet(
        in_order([
            *(on(day) for day in (3, 10, 17)), on(24, 10), on(4, 14, "义诊", takes_sign_up=True),
            on(4, 16, "散步", setting="alley", place="梧桐巷"), on(5, 19, "看电影"), on(12, 19, "看电影"),
        ]),
        BEFORE,
    )  # fmt: skip
    assert said(sheet.weekly) == ["每周三 上午9:00 合唱班（3、10、17日）"]
    assert said(sheet.days) == [
        "4日 周四 下午2:00 义诊※；下午4:00 散步（梧桐巷）", "5日 周五 晚上7:00 看电影",
        "12日 周五 晚上7:00 看电影", "24日 周三 上午10:00 合唱班",
    ]  # fmt: skip
    assert (sheet.size, sheet.printed, sheet.left_out) == ("large", 8, 0)


def test_sixty_of_an_ordinary_month_all_have_room():
    weekly = [on(day, hour, f"{hour}点的班") for day in range(1, 29) for hour in (9, 15) if day % 7]
    once = [on(day, 19, f"第{day}场电影") for day in range(1, 24, 2)]
    sheet = month_sheet(in_order([*weekly, *once]), BEFORE)
    assert (len(weekly) + len(once), sheet.left_out) == (60, 0)


@pytest.mark.parametrize("a_day", [3, 60])
def test_what_has_no_room_is_counted(a_day):
    days = DAYS if a_day == 3 else [1]
    rows = [on(day, 9, f"第{number}件不一样的事情，名字还很长", pk=day * 100 + number) for day in days
            for number in range(a_day)]  # fmt: skip
    sheet = month_sheet(rows, BEFORE)
    assert sheet.printed > 15
    assert sheet.printed + sheet.left_out == len(rows)


def test_too_much_for_a_sheet_leaves_out_what_is_over_first():
    rows = [on(day, hour, f"{day}日{hour}时不一样的事情") for day in DAYS for hour in (9, 14)]
    sheet = month_sheet(rows, rows[40].starts_at)
    assert (sheet.days[0].label, sheet.left_out) == ("21日 周日", 40)
    assert month_sheet(rows, BEFORE + timedelta(days=99)).days[0].label == "1日 周一"


def test_the_dates_of_a_course():
    often, others = rhythms([on(day) for day in (3, 10)])
    assert (often, len(others)) == ([], OFTEN - 1)
    rows = [on(day) for day in (24, 31)]
    rows[1].starts_at += timedelta(days=1)
    assert dates(rows) == "3月24日，4月1日"
