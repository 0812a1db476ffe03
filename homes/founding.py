"""The verbs of a home's life: publish, suspend, reopen, archive, confirm. Only this module writes `status`.

Every verb takes the row lock, checks again, writes and lets the history keep who did it and why.
"""

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.transitions import IllegalTransition, step, told
from homes.models import Home

Status = Home.Status

# event: (states it may start from, state it ends in)
TRANSITIONS = {
    "publish": ({Status.PREPARING, Status.CLOSED}, Status.OPEN),
    "suspend": ({Status.OPEN}, Status.SUSPENDED),
    "reopen": ({Status.SUSPENDED}, Status.OPEN),
    "archive": ({Status.PREPARING, Status.OPEN, Status.SUSPENDED}, Status.CLOSED),
}


def missing_facts(home):
    """The names of the facts residents look for first and will find as 待补充."""
    wanted = {
        "地址": home.address,
        "电话": home.telephone,
        "位置": home.is_located,
        "开放时间": home.hours.exists(),
        "主题": home.theme_id,
    }
    return [name for name, value in wanted.items() if not value]


def found(homes, *, by, status, reason):
    """Enter homes that already exist in real life (or as samples), in the state they are known to be in.

    `homes` are unsaved; they are returned saved, each with the first row of its history. For the loading of data, which
    knows no earlier steps, also for thousands of rows; staff found one home in the admin and then publish it.
    """
    for home in homes:
        home.status = status
    return bulk_create_with_history(homes, Home, batch_size=500, default_user=by, default_change_reason=reason)


NEEDED_TO_OPEN = {"地址", "电话", "位置", "开放时间"}


@transaction.atomic
def publish(home, *, by):
    """Show a draft (or an archived home) to residents. Facts not known yet are shown as 待补充.

    A home that was founded on an application opens with address, telephone, position and hours (states.md 3.1): here
    somebody can still go and see to them.
    """
    home = Home.objects.select_for_update().get(pk=home.pk)
    if hasattr(home, "application") and (lacking := [name for name in missing_facts(home) if name in NEEDED_TO_OPEN]):
        raise IllegalTransition(f"这个家是申报建成的，开放以前还要补上：{'、'.join(lacking)}。")
    return _step("publish", home, by=by, reason="发布")


def suspend(home, *, by, reason):
    """Keep the page but say that the home is closed for now, and why."""
    return _step("suspend", home, by=by, reason=reason, note=reason)


def reopen(home, *, by):
    return _step("reopen", home, by=by, reason="恢复开放")


@transaction.atomic
def archive(home, *, by, reason):
    """Take the home off the public pages and keep every record of it; not while people are still expected there."""
    home = Home.objects.select_for_update().get(pk=home.pk)
    if coming := home.activities.upcoming().count():
        raise IllegalTransition(f"这个家还有{coming}场已经发布的活动没有办完，请先取消，或者改到别的家。")
    return _step("archive", home, by=by, reason=reason, note=reason)


@transaction.atomic
def confirm_facts(home, *, by, on=None):
    """Record that `by` checked the facts on the page and found them still right."""
    home = Home.objects.select_for_update().get(pk=home.pk)
    home.verified_on, home.verified_by = on or timezone.localdate(), by
    home._history_user, home._change_reason = by, "核实信息"
    home.save(update_fields=["verified_on", "verified_by", "updated_at"])
    return home


@transaction.atomic
def _step(event, home, *, by, reason, note=""):
    home = Home.objects.select_for_update().get(pk=home.pk)
    status, reason = step(TRANSITIONS, event, home), told(reason)
    if len(note.strip()) > (longest := Home._meta.get_field("status_note").max_length):
        raise IllegalTransition(f"原因请写短一些，最多{longest}个字。")
    home.status, home.status_note = status, note.strip()
    home._history_user, home._change_reason = by, reason[:100]
    home.save(update_fields=["status", "status_note", "updated_at"])
    return home
