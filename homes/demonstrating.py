"""The verbs of a demonstration site: nominate, grant, decline, revoke, record, amend, correct.

It runs out by its date, without a verb.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from branches.steps import correction, save_with_history
from branches.transitions import IllegalTransition, not_later_than_today, record_event, step, told
from homes.models import Demonstration, Home

Status = Demonstration.Status
RENEWED_WITHIN = timedelta(days=90)  # before the end of a term its home may be nominated for the next
DECIDED = {Status.GRANTED, Status.EXPIRED, Status.REVOKED}

# event: (states it may start from, state it ends in; None: it stays)
TRANSITIONS = {
    "nominate": ({""}, Status.NOMINATED),
    "grant": ({Status.NOMINATED}, Status.GRANTED),
    "decline": ({Status.NOMINATED}, Status.DECLINED),
    "revoke": ({Status.GRANTED}, Status.REVOKED),
    "expire": ({Status.GRANTED}, Status.EXPIRED),
    "record": ({""}, {Status.GRANTED, Status.EXPIRED}),
    "amend": ({Status.GRANTED, Status.EXPIRED}, {Status.GRANTED, Status.EXPIRED}),
    "correct": ({Status.DECLINED, *DECIDED}, {Status.NOMINATED, Status.GRANTED, Status.EXPIRED}),
}


@transaction.atomic
def nominate(home, *, by, why, on=None):
    """Propose an open home; the district decides."""
    on, why = not_later_than_today(on, "提名"), why.strip()
    home = _held(home)
    if not why:
        raise IllegalTransition("请写为什么提名。")
    if home.status != Home.Status.OPEN:
        raise IllegalTransition("开放的家才能提名示范阵地。")
    if home.demonstrations.nominated().exists():
        raise IllegalTransition("这个家已经提名了，等区里定。")
    for current in home.demonstrations.current():
        if current.valid_until is None:
            raise IllegalTransition("这个家已经是示范阵地，没有期限，不用再提名。")
        if current.valid_until > timezone.localdate() + RENEWED_WITHIN:
            raise IllegalTransition(
                f"这个家的示范阵地到{current.valid_until:%Y年%m月%d日}才到期，到期前{RENEWED_WITHIN.days}天以内再提名。"
            )
    return _write(Demonstration(home=home, nominated_on=on, nominated_by=by, why=why[:200]), "nominate", "", by=by)


@transaction.atomic
def grant(demonstration, *, by, valid_until=None, on=None):
    """Recognise the home from the day `on`, up to `valid_until` (None: without a term)."""
    on, home = not_later_than_today(on, "授予"), _held(demonstration.home)
    demonstration = _begin("grant", demonstration)
    if by == demonstration.nominated_by:
        raise IllegalTransition("自己提名的不能自己授予，请另一位同事来。")
    if not home.is_public:
        raise IllegalTransition("这个家现在没有对居民公布，不能授予。")
    if on < demonstration.nominated_on:
        raise IllegalTransition("授予日期不能早于提名日期。以前授予的，请用“补录”。")
    if valid_until is not None and valid_until < timezone.localdate():
        raise IllegalTransition("有效期不能在今天以前。")
    before, demonstration.granted_on, demonstration.valid_until = demonstration.status, on, valid_until
    return _write(demonstration, "grant", before, by=by)


@transaction.atomic
def decline(demonstration, *, by, reason, on=None):
    on, reason, demonstration = not_later_than_today(on), told(reason), _begin("decline", demonstration)
    before, demonstration.declined_on, demonstration.reason = demonstration.status, on, reason[:200]
    return _write(demonstration, "decline", before, by=by, reason=reason)


@transaction.atomic
def revoke(demonstration, *, by, reason, on=None):
    """Take the recognition back from the day `on`; that it was granted stays on record."""
    on, reason, demonstration = not_later_than_today(on, "撤销"), told(reason), _begin("revoke", demonstration)
    if on < demonstration.granted_on:
        raise IllegalTransition("撤销日期不能早于授予日期。")
    before, demonstration.revoked_on, demonstration.reason = demonstration.status, on, reason[:200]
    return _write(demonstration, "revoke", before, by=by, reason=reason)


@transaction.atomic
def record(home, *, by, on, source, valid_until=None):
    """Enter a recognition of the past, of which there is no nomination here; `source` says where it is written."""
    on, source, home = not_later_than_today(on, "授予"), source.strip(), _held(home)
    if not source:
        raise IllegalTransition("请写是哪个文件授予的。")
    if home.demonstrations.nominated().filter(nominated_on__lte=on).exists():  # no way around the second pair of eyes
        raise IllegalTransition("这个家已经提名了，等区里定。授予请在提名的那一条上办。")
    demonstration = Demonstration(home=home, why=source[:200])
    _date(demonstration, on, valid_until)
    return _write(demonstration, "record", "", by=by, reason=source)


@transaction.atomic
def amend(demonstration, *, by, reason, on, valid_until=None):
    """Put dates right that were entered wrongly, for a supervisor."""
    on, reason = not_later_than_today(on, "授予"), correction(by, reason)
    _held(demonstration.home)
    demonstration = _begin("amend", demonstration)
    before = demonstration.status
    _date(demonstration, on, valid_until)
    return _write(demonstration, "amend", before, by=by, reason=reason)


@transaction.atomic
def correct(demonstration, *, by, reason):
    """Take a revocation, a refusal or a grant back that was a mistake, for a supervisor."""
    reason, home = correction(by, reason), _held(demonstration.home)
    demonstration = _begin("correct", demonstration)
    before = demonstration.status
    if demonstration.revoked_on:
        demonstration.revoked_on, demonstration.reason = None, ""
    elif demonstration.nominated_on is None:
        raise IllegalTransition("这一条是补录的，没有上一步。日子写错了，请改日期；不该有的，请撤销。")
    else:
        if home.demonstrations.nominated().exists():
            raise IllegalTransition("这个家又提名了一次，等区里定，不能退回提名。")
        demonstration.declined_on, demonstration.reason = None, ""
        demonstration.granted_on = demonstration.valid_until = None
    return _write(demonstration, "correct", before, by=by, reason=reason)


def _held(home):
    """The home, locked: it is nominated once at a time, and recognised once a day."""
    return Home.objects.select_for_update().get(pk=home.pk)


def _begin(event, demonstration):
    demonstration = Demonstration.objects.select_for_update().get(pk=demonstration.pk)
    step(TRANSITIONS, event, demonstration)
    return demonstration


def _date(demonstration, on, valid_until):
    """Write the dates; IllegalTransition where the home was recognised on that day already."""
    if valid_until is not None and valid_until < on:
        raise IllegalTransition("有效期不能早于授予日期。")
    if demonstration.home.demonstrations.exclude(pk=demonstration.pk).current(on).exists():
        raise IllegalTransition(f"{on:%Y年%m月%d日}这个家已经是示范阵地，不用再记一条。")
    demonstration.granted_on, demonstration.valid_until = on, valid_until


def _write(demonstration, event, before, *, by, reason=""):
    save_with_history(demonstration, event, by=by)
    record_event(demonstration, event, by=by, before=before, after=demonstration.status, reason=reason[:300])
    return demonstration
