"""Checks of the site as it runs now: database, disk, cache, backups, timers, what waits, what failed."""

import platform
import shutil
from datetime import datetime, timedelta
from functools import cache

import django
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.utils import timezone

from activities.models import Message
from branches.models import AuditEntry
from config import timers
from config.content_version import VERSION_KEY
from config.findings import check, fine, look_at, wrong
from config.tally import lately
from volunteers.models.message import Message as OrderMessage

LOCKED_SECONDS = 2  # then a database that takes no writing counts as away
LEAST_FREE = 10  # per cent of the disk
BACKUP_HOURS = 26
LOG_INS, LOG_IN_MINUTES = 20, 10
EXPORT_ROWS, EXPORT_HOURS = 500, 24
FAILED_MOST = 1  # per cent of requests
WAITING_LONGEST = timedelta(hours=1)
MB, GB = 1024**2, 1024**3
LOOK_AT_TIMERS = (
    "看定时器的状态（systemctl list-timers 'portal-*'）和日志（journalctl -u 'portal-run@*'）；"
    "也可以手工运行一次，看它说什么（docs/technician.md）。定时任务只在一台机器上跑的，别的机器上看到这一条不用管。"
)


@check("database", "数据库", ready=True, alert=True)
def database():
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite" and connection.get_autocommit():
                takes_writing(cursor)
            else:
                cursor.execute("SELECT 1")
    except DatabaseError as error:
        return wrong(
            f"数据库没有回答（{type(error).__name__}）。公开页面先用存着的，表格收不下。",
            "看数据库在不在：PostgreSQL 用 systemctl status postgresql；SQLite 看数据文件在不在、有没有被别的程序锁着。"
            "好了以后网站十秒内自己接上，不用重启。",
        )
    return fine("回答正常。")


def takes_writing(cursor):
    """Raise where the SQLite file cannot be written to, or somebody else has held it for longer than a moment."""
    cursor.execute(f"PRAGMA busy_timeout = {LOCKED_SECONDS * 1000}")
    try:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("ROLLBACK")
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {settings.DATABASE['OPTIONS']['timeout'] * 1000}")


@cache
def _migrations_of_this_code():
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


@check("migrations", "数据库的结构", ready=True)
def migrations():
    missing = _migrations_of_this_code() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        return wrong(f"程序比数据库新，还有{len(missing)}步没有迁移。", "运行 manage.py migrate，再重启网站。")
    return fine("和程序一致。")


@check("disk", "磁盘", ready=True, alert=True)
def disk():
    folders = [settings.DATA_DIR, *([settings.BACKUP_DIR] if settings.BACKUP_DIR.exists() else [])]
    usage = min((shutil.disk_usage(folder) for folder in folders), key=lambda usage: usage.free / usage.total)
    said = f"还剩{usage.free / GB:.1f}GB，占{usage.free * 100 // usage.total}%。"
    if usage.free * 100 <= usage.total * LEAST_FREE:
        return wrong(
            f"磁盘快满了：{said}",
            f"不到{LEAST_FREE}%就要清理：先看旧备份和系统日志（journalctl --disk-usage），再考虑换大一点的磁盘。"
            "满了以后报名、求助都存不下来。",
        )
    return fine(said)


@check("cache", "共用的缓存", ready=True, alert=True)
def shared_cache():
    try:
        caches["default"].get(VERSION_KEY)
    except Exception as error:  # of whatever kind the cache is
        return wrong(
            f"共用的缓存没有回答（{type(error).__name__}）。",
            "CACHE_URL 写的是 Redis 就看它在不在（systemctl status redis）；没写，它就在数据库里，先看“数据库”。",
        )
    return fine("回答正常。")


@check("backup", "备份", alert=True)
def backup():
    made = [path.stat().st_mtime for path in settings.BACKUP_DIR.glob("*.backup")]
    if settings.DEMO and not made:
        return fine("试用站，不要求备份。")
    todo = "运行 manage.py backup，看它说什么；再看备份的定时器在不在。备份怎么做、怎么恢复，见 docs/backup.md。"
    if not made:
        return wrong("一份备份也没有。", todo)
    newest = datetime.fromtimestamp(max(made), timezone.get_default_timezone())
    said = f"最近一份是{newest:%Y-%m-%d %H:%M}，一共{len(made)}份。"
    return wrong(f"超过{BACKUP_HOURS}小时没有备份了：{said}", todo) if _older(newest, BACKUP_HOURS) else fine(said)


def _older(moment, hours):
    return timezone.now() - moment > timedelta(hours=hours)


@check("failures", "出错的请求", alert=True)
def failures():
    requests, failed = lately()
    said = f"近十来分钟{requests}次请求，出错{failed}次。"
    if failed * 100 > requests * FAILED_MOST:
        return wrong(
            said,
            "在日志里找 status 是500、503的行，同一个 request 号的 error 就是原因（docs/watching.md）。"
            "居民打电话报的号也是它。",
        )
    return fine(said)


@check("log_ins", "登录失败", alert=True)
def log_ins():
    since = timezone.now() - timedelta(minutes=LOG_IN_MINUTES)
    number = AuditEntry.objects.filter(action=AuditEntry.Action.LOG_IN_FAILED, at__gte=since).count()
    said = f"{LOG_IN_MINUTES}分钟里{number}次。"
    if number >= LOG_INS:
        return wrong(
            f"登录失败太多：{said}",
            "可能有人在试密码。在后台“审计记录”里看来自哪个地址，必要时在 nginx 或防火墙里挡掉；"
            "同一个账号输错5次已经自动停15分钟。",
        )
    return fine(said)


@check("exports", "大的导出", alert=True)
def exports():
    since = timezone.now() - timedelta(hours=EXPORT_HOURS)
    rows = AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT, at__gte=since, data__rows__gt=EXPORT_ROWS)
    found = [
        look_at(
            f"有人导出了{entry.data['rows']}行（审计记录第{entry.number}条）。",
            "在后台“审计记录”里看是谁、为什么。不认识的，先停用账号，再报区里。",
            key=str(entry.number),
            event=True,
        )
        for entry in rows.order_by("number")
    ]
    return found or fine(f"{EXPORT_HOURS}小时里没有超过{EXPORT_ROWS}行的导出。")


@check("audit", "审计记录", alert=True)
def audit():
    mark = timers.mark_of(timers.AUDIT)
    if mark.failed:
        return wrong(
            "上一次核对没有通过。",
            "运行 manage.py audit verify，它会说是第几条。先把数据库和日志原样留好，再报区里，见 docs/technician.md。",
        )
    return fine(f"上一次核对是{mark.at:%Y-%m-%d %H:%M}，完整。" if mark.at else "这台机器上还没有核对过。")


@check("timers", "定时任务", alert=True)
def timers_ran():
    if settings.DEMO:
        return fine("试用站，不要求定时任务。")
    late = {name: state for name in timers.TIMERS if (state := timers.state_of(name))}
    never = [name for name in late if late[name] == timers.NEVER]  # a new machine says so once, not twelve times
    found = [
        look_at(f"“{timers.TIMERS[name].words}”{state}（manage.py {name}）。", LOOK_AT_TIMERS, key=name)
        for name, state in late.items()
        if name not in never
    ]
    if never:
        words = "、".join(f"“{timers.TIMERS[name].words}”" for name in never)
        found.append(look_at(f"{words}{timers.NEVER}。", LOOK_AT_TIMERS, key="never"))
    return found or fine(f"{len(timers.TIMERS)}个都按时。")


@check("queue", "等着发的短信和邮件", alert=True)
def queue():
    moment = timezone.now() - WAITING_LONGEST
    waiting = [model.objects.waiting().exclude(channel=model.Channel.TELEPHONE) for model in (Message, OrderMessage)]
    number = sum(rows.count() for rows in waiting)
    late = sum(rows.filter(Q(created_at__lt=moment)).count() for rows in waiting)
    if late:
        return look_at(
            f"有{late}条等了一个小时以上，一共等着{number}条。",
            "看 manage.py tell 和 manage.py dispatch_orders 有没有按时跑；再运行 manage.py doctor 看短信、邮件通不通。",
        )
    return fine(f"等着{number}条。")


@check("size", "数据库的大小")
def size():
    if connection.vendor == "sqlite":
        bytes_used = sum(path.stat().st_size for path in settings.DATA_DIR.glob("*.sqlite3*"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            bytes_used = cursor.fetchone()[0]
    return fine(f"{bytes_used / MB:.0f}MB。")


@check("versions", "版本")
def versions():
    number = ".".join(map(str, connection.get_database_version()))
    return fine(
        f"Django {django.get_version()}，Python {platform.python_version()}，"
        f"{connection.display_name} {number}，程序在 {settings.BASE_DIR}。"
    )
