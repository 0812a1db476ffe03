"""Seeing a full name, telephone, address or contact: only with a reason, and only once it is in the audit trail.

The desk, the admin and paper all come through here.
"""

from django.db import transaction

from branches import audit
from branches.access import Action
from branches.models import Member
from branches.transitions import IllegalTransition

FIELDS = {"name": "姓名", "telephone": "电话", "address": "地址", "contact": "联系人"}
TO_RING_UP = ("name", "telephone")  # all that opens while a report waits: whoever reported has to be asked
LEAST = 5  # characters of a reason
MOST = 300


def enough(reason):
    """The reason without blanks around it; IllegalTransition where it is too short or too long."""
    reason = (reason or "").strip()
    if len(reason) < LEAST:
        raise IllegalTransition(f"请写明为什么要看，至少{LEAST}个字。会记下来备查。")
    if len(reason) > MOST:
        raise IllegalTransition(f"理由请留在{MOST}个字以内。")
    return reason


def open_to(by, member):
    """The names of FIELDS that `by` may ask to see of this member; () for none."""
    rows = Member.objects.filter(pk=member.pk)
    if rows.visible_to(by, Action.REVEAL).exists():
        return tuple(FIELDS)
    return TO_RING_UP if rows.asking(by).exists() else ()


def reveal(members, fields, *, by, reason):
    """Return {member's pk: {field: full text, "" where nothing is known}} for some of FIELDS; each member is logged.

    Members of whom `by` may not see these fields make all of it fail with Member.DoesNotExist, as if there were none.
    IllegalTransition where the reason is too short or too long.
    """
    reason, fields = enough(reason), list(fields)
    if not fields or set(fields) - set(FIELDS):
        raise ValueError(f"No such fields to reveal: {fields}")
    wanted = {member.pk for member in members}
    with transaction.atomic():
        seen = Member.objects.visible_to(by, Action.REVEAL).in_bulk(wanted)
        if set(fields) <= set(TO_RING_UP):
            seen |= Member.objects.asking(by).in_bulk(wanted)
        if wanted - set(seen):
            raise Member.DoesNotExist
        for pk in sorted(seen):
            audit.record(audit.Action.REVEAL, by=by, subject=seen[pk], reason=reason, fields=fields)
    return {pk: {field: getattr(member, field) for field in fields} for pk, member in seen.items()}
