"""The verbs of a notice: write, publish now or at a moment, withdraw, pin, unpin, and its files.

Only this module writes `Notice.status` and `Notice.pinned`. What is pinned is counted while the division is locked.
"""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities import outbox
from activities.models import Notice, NoticeFile
from activities.models.notice import PINNED_MOST
from branches.models import Division
from branches.transitions import IllegalTransition, record_event, step, told
from homes.documents import checked

Status = Notice.Status
FILES_MOST = 10
TITLE_MOST = 80

# event: (states it may start from, state it ends in)
TRANSITIONS = {
    "publish": ({Status.DRAFT}, Status.PUBLISHED),
    "withdraw": ({Status.PUBLISHED}, Status.WITHDRAWN),
    "pin": ({Status.PUBLISHED}, Status.PUBLISHED),
    "unpin": ({Status.PUBLISHED}, Status.PUBLISHED),
}


@transaction.atomic
def write(notice, *, by, version=None):
    """Keep a new notice as a draft, or what was changed of one. What has been withdrawn stays as it was."""
    if notice.home or notice.branch:
        notice.division = notice.home.division if notice.home else notice.branch.division
    if notice.pk:
        known = Notice.objects.select_for_update().get(pk=notice.pk)
        _same_version(known, version)
        if known.status == Status.WITHDRAWN:
            raise IllegalTransition("已经撤回了，不能再改。要重新发，请另写一条。")
        for name in ("status", "publish_at", "pinned", "note", "version"):
            setattr(notice, name, getattr(known, name))
    _lasts(notice, notice.publish_at)
    if notice.pinned:
        _room_on_top(notice)
    notice.created_by = notice.created_by or by
    return _save(notice, "write", by=by)


@transaction.atomic
def publish(notice, *, by, at=None, version=None, now=None):
    """Show it from now on, or from the moment `at`."""
    now = now or timezone.now()
    notice = _begin("publish", notice, version)
    moment = at if at is not None and at > now else now
    _lasts(notice, moment)
    notice.publish_at = moment
    return _finish("publish", notice, by=by, publish_at=moment.isoformat())


@transaction.atomic
def withdraw(notice, *, by, reason, version=None):
    """Take it back. Its address stays and says why; nothing of it is shown any more."""
    notice = _begin("withdraw", notice, version)
    notice.note, notice.pinned = told(reason), False
    return _finish("withdraw", notice, by=by, reason=notice.note)


@transaction.atomic
def pin(notice, *, by, version=None):
    """Put it on top: at most three of a division."""
    notice = _begin("pin", notice, version)
    if notice.pinned:
        return notice
    if notice.expires_on and notice.expires_on < timezone.localdate():
        raise IllegalTransition("已经过了“看到哪一天”，不在列表里了，不用置顶。")
    notice.pinned = True
    _room_on_top(notice)
    return _finish("pin", notice, by=by)


@transaction.atomic
def unpin(notice, *, by, version=None):
    notice = _begin("unpin", notice, version)
    if not notice.pinned:
        return notice
    notice.pinned = False
    return _finish("unpin", notice, by=by)


@transaction.atomic
def attach(notice, uploaded, *, title, by):
    """Keep a file with the notice, checked by what it holds. ValidationError with a sentence where it will not do."""
    content, kind = checked(uploaded)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.status == Status.WITHDRAWN:
        raise IllegalTransition("已经撤回了，不能再加附件。")
    if notice.files.count() >= FILES_MOST:
        raise IllegalTransition(f"一条通知最多{FILES_MOST}个附件。")
    row = NoticeFile(notice=notice, title=title[:TITLE_MOST], file=content, kind=kind, size=content.size)
    row._history_user, row._change_reason = by, "attach"
    row.save()
    return row


@transaction.atomic
def detach(row, *, by):
    """Take a file away, from the disk, too."""
    Notice.objects.select_for_update().get(pk=row.notice_id)
    row = NoticeFile.objects.filter(pk=row.pk).first()
    if row is None:
        return
    name = row.file.name
    row._history_user, row._change_reason = by, "detach"
    row.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def state_of(notice, now):
    """Its state in the words staff use: a published one may still lie ahead, or be over."""
    if notice.status == Status.PUBLISHED and notice.publish_at > now:
        at = timezone.localtime(notice.publish_at)
        return f"定时发布：{at.month}月{at.day}日{outbox.clock(at)}"
    if notice.status == Status.PUBLISHED and notice.expires_on and notice.expires_on < timezone.localdate(now):
        return "过期了，不在列表里"
    return notice.get_status_display()


def _begin(event, notice, version):
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    step(TRANSITIONS, event, notice)
    _same_version(notice, version)
    return notice


def _same_version(notice, version):
    if version is not None and version != notice.version:
        raise IllegalTransition("刚刚有人改过这条通知，请看看现在的内容，再决定要不要改。")


def _lasts(notice, publish_at):
    if notice.expires_on and publish_at and notice.expires_on < timezone.localdate(publish_at):
        raise IllegalTransition("“看到哪一天”不能早于发布的日子。")


def _room_on_top(notice):
    """IllegalTransition where three others of the division are on top. The division is held until all is written."""
    Division.objects.select_for_update().get(pk=notice.division_id)
    on_top = Notice.objects.filter(division=notice.division_id, pinned=True).exclude(pk=notice.pk)
    on_top = on_top.filter(Q(expires_on=None) | Q(expires_on__gte=timezone.localdate()))
    if on_top.count() >= PINNED_MOST:
        names = "、".join(f"“{each}”" for each in on_top[:PINNED_MOST])
        raise IllegalTransition(f"最多置顶{PINNED_MOST}条，现在已经有{names}。请先取消一条。")


def _finish(event, notice, *, by, reason="", **data):
    before, notice.status = notice.status, step(TRANSITIONS, event, notice)
    _save(notice, event, by=by)
    record_event(notice, event, by=by, before=before, after=notice.status, reason=reason, **data)
    return notice


def _save(notice, event, *, by):
    notice.version += 1
    notice._history_user, notice._change_reason = by, event
    notice.save()
    return notice
