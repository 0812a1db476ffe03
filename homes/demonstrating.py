"""The verbs of a demonstration site: nominate, grant, decline, revoke. It runs out by its date, without a verb."""

from django.db import transaction

from branches.steps import user_of
from branches.transitions import IllegalTransition, not_later_than_today, record_event, step, told
from homes.models import Demonstration, Home

Status = Demonstration.Status

# event: (states it may start from, state it ends in)
TRANSITIONS = {
    "nominate": ({""}, Status.NOMINATED),
    "grant": ({Status.NOMINATED}, Status.GRANTED),
    "decline": ({Status.NOMINATED}, Status.DECLINED),
    "revoke": ({Status.GRANTED}, Status.REVOKED),
    "expire": ({Status.GRANTED}, Status.EXPIRED),
}


@transaction.atomic
def nominate(home, *, by, why, on=None):
    """Propose an open home; the district decides."""
    on, why = not_later_than_today(on, "提名"), why.strip()
    home = Home.objects.select_for_update().get(pk=home.pk)
    if not why:
        raise IllegalTransition("请写为什么提名。")
    if home.status != Home.Status.OPEN:
        raise IllegalTransition("开放的家才能提名示范阵地。")
    if home.demonstrations.nominated().exists():
        raise IllegalTransition("这个家已经提名了，等区里定。")
    if home.demonstrations.current().filter(valid_until=None).exists():
        raise IllegalTransition("这个家已经是示范阵地，没有期限，不用再提名。")
    return _write(Demonstration(home=home, nominated_on=on, nominated_by=by, why=why[:200]), "nominate", "", by=by)


@transaction.atomic
def grant(demonstration, *, by, valid_until=None, on=None):
    """Recognise the home from the day `on`, up to `valid_until` (None: without a term)."""
    on, demonstration = not_later_than_today(on, "授予"), _begin("grant", demonstration)
    if by == demonstration.nominated_by:
        raise IllegalTransition("自己提名的不能自己授予，请另一位同事来。")
    if valid_until is not None and valid_until < on:
        raise IllegalTransition("有效期不能早于授予日期。")
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


def _begin(event, demonstration):
    demonstration = Demonstration.objects.select_for_update().get(pk=demonstration.pk)
    step(TRANSITIONS, event, demonstration)
    return demonstration


def _write(demonstration, event, before, *, by, reason=""):
    demonstration._history_user, demonstration._change_reason = user_of(by), event
    demonstration.save()
    record_event(demonstration, event, by=by, before=before, after=demonstration.status, reason=reason[:300])
    return demonstration
