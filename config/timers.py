"""What timers run, and when each last ran well on this machine: a mark it leaves in DATA_DIR, set by manage.py."""

from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

MINUTES, DAY, WEEK = timedelta(minutes=20), timedelta(hours=26), timedelta(days=8)
AUDIT = "audit verify"
NEVER = "在这台机器上还没有跑过"


class Timer(NamedTuple):
    """What the command does, in words, and after how long without a good run somebody should look."""

    words: str
    longest: timedelta


TIMERS = {
    "tell": Timer("到点发布、提醒、发通知", MINUTES),
    "dispatch_orders": Timer("求助单到时间的事", MINUTES),
    "alert": Timer("看有没有要报警的", MINUTES),
    "backup": Timer("备份", DAY),
    "clearsessions": Timer("清理过期的登录", DAY),
    "purge": Timer("清理过期的个人信息", DAY),
    "plan_shifts": Timer("往后排值班", DAY),
    "archive_letters": Timer("来信归档", DAY),
    "keep_figures": Timer("留下每天的数字", DAY),
    "compute_circles": Timer("重算服务圈", DAY),
    "index_search": Timer("整理搜索", DAY),
    AUDIT: Timer("核对审计记录", WEEK),
}


class Mark(NamedTuple):
    """When it last ran well, or None; whether it has failed since."""

    at: datetime | None
    failed: bool


@contextmanager
def marked(arguments):
    """Around a run of manage.py with these arguments: if timers run it, leave a mark of how it ended."""
    name = " ".join(arguments)
    if name not in TIMERS:
        yield
        return
    try:
        yield
    except SystemExit as end:
        _leave(name, well=not end.code)
        raise
    except BaseException:
        _leave(name, well=False)
        raise
    _leave(name, well=True)


def mark_of(name):
    well, failed = (_time(path) for path in _paths(name))
    return Mark(well, failed is not None and (well is None or failed > well))


def state_of(name):
    """What is the matter with it, in words; "" where it runs as it should."""
    mark = mark_of(name)
    if mark.failed:
        return "上一次没有办成"
    if mark.at is None:
        return NEVER
    return f"从{mark.at:%Y-%m-%d %H:%M}以后没有跑过" if timezone.now() - mark.at > TIMERS[name].longest else ""


def _leave(name, *, well):
    with suppress(OSError):  # a full disk is a finding of its own
        path = _paths(name)[not well]
        path.parent.mkdir(exist_ok=True)
        path.write_text(timezone.now().isoformat())


def _time(path):
    try:
        return timezone.localtime(datetime.fromisoformat(path.read_text()))
    except (OSError, ValueError):
        return None


def _paths(name):
    return [settings.DATA_DIR / "watching" / f"{name.replace(' ', '-')}.{end}" for end in ("well", "failed")]
