"""Writing a plan of the register: in one transaction, in bulk, with a word now and then for the person who waits.

Everybody else's writing waits while the transaction is open (on SQLite all of it), so whatever can be done before is
done before: reading, comparing, sealing. Inside it only asks whether the register still is what was compared with.
"""

from itertools import batched

from django.db import transaction
from django.utils import timezone

from branches import audit, grouping, membership
from branches.access import Action
from branches.bulk_history import remember
from branches.models import CommunityMembership, GroupPlacement, Member
from branches.register_scope import Register, hold, stamp
from branches.register_sheet import plan
from branches.sealing import Sealed, SealedTextField, telephone_index

REASON = "表格导入"
STEP = 1000  # rows between two words
STALE = "预览以后，同事改了同样的内容，这次没有写入。请重新上传，再看一遍预览。"
SEALED = [field.name for field in Member._meta.concrete_fields if isinstance(field, SealedTextField)]


class Stale(Exception):  # noqa: N818 - what the plan is
    """The register is no longer what the preview compared with; nothing was written."""


def write(user, rows, digest, *, origin=""):
    """Write what was previewed (its rows and the digest of its plan), or nothing; yield (rows done, rows in all).

    The last pair is yielded after everything is safely kept. Whoever stops asking before, has nothing written: the
    transaction is open between two words. Stale where the register has changed since.
    """
    seen = stamp()
    register, wanted = _compared(user, rows, digest)
    total, done = len(wanted.lines), 0
    yield done, total
    with transaction.atomic():
        hold(user, Action.IMPORT)
        if stamp() != seen:  # somebody wrote meanwhile; now nobody can
            register, wanted = _compared(user, rows, digest)
        new, changed = wanted.new, wanted.changed
        for enter, lines in ((_add, new), (_change, changed)):
            for some in batched(lines, STEP):
                enter(some, register, user)
                done += len(some)
                if done < total:
                    yield done, total
        audit.record(
            audit.Action.IMPORT,
            by=user,
            label="党员名册",
            reason=REASON,
            origin=origin,
            added=len(new),
            changed=len(changed),
            unchanged=wanted.unchanged,
        )
    yield total, total


def _compared(user, rows, digest):
    """The register as it is now, and what the rows would change in it, sealed; Stale where that is no more what was
    previewed.
    """
    register = Register(user, Action.IMPORT)
    wanted = plan(register, rows)
    if wanted.problems or wanted.digest() != digest:
        raise Stale(STALE)
    for line in wanted.lines:
        line.member.telephone_index = telephone_index(line.member.telephone)
        for name in SEALED:
            setattr(line.member, name, Sealed(getattr(line.member, name)))
    return register, wanted


def _add(lines, register, by):
    """Take new members into the branches their rows name, active from today on."""
    members = [line.member for line in lines]
    Member.objects.bulk_create(members)
    remember(members, by=by, reason=REASON, created=True)
    today = timezone.localdate()
    stays = [
        {
            "member": line.member,
            "branch": line.branch,
            "home_unit": line.home_unit,
            "status": CommunityMembership.Status.ACTIVE,
            "reported_on": today,
            "reported_by": by,
            "since": today,
        }
        for line in lines
    ]
    entered = membership.enter(stays, by=by, reason=REASON)
    placements = [
        GroupPlacement(membership=stay, group=line.group, since=today)
        for stay, line in zip(entered, lines, strict=True)
        if line.group
    ]
    grouping.enter_placements(placements, by=by, reason=REASON)


def _change(lines, register, by):
    """Write the new facts of known members, and place those whose group changes."""
    changed = [line.member for line in lines if line.fields]
    if changed:
        fields = sorted({name for line in lines for name in line.fields} | {"telephone_index", "updated_at"})
        # rows with a key that is there are written over: thousands of UPDATEs in one statement
        Member.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=fields)
        remember(changed, by=by, reason=REASON, created=False)
    groups = {register.memberships[line.member.pk].pk: line.group for line in lines if line.group}
    if groups:
        grouping.place_all(groups, by=by, reason=REASON)
