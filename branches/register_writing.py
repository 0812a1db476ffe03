"""Writing a plan of the register: in one transaction, in bulk, with a word now and then for the person who waits."""

from itertools import batched

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from branches import audit, grouping, membership
from branches.access import Action
from branches.models import CommunityMembership, GroupPlacement, Member
from branches.register_scope import Register
from branches.register_sheet import plan
from branches.sealing import telephone_index

REASON = "表格导入"
STEP = 500  # rows between two words
BATCH = 200
STALE = "预览以后，同事改了同样的内容，这次没有写入。请重新上传，再看一遍预览。"


class Stale(Exception):  # noqa: N818 - what the plan is
    """The register is no longer what the preview compared with; nothing was written."""


def write(user, rows, digest, *, origin=""):
    """Write what was previewed (its rows and the digest of its plan), or nothing; yield (rows done, rows in all).

    The last pair is yielded after everything is safely kept. Whoever stops asking before, has nothing written: the
    transaction is open between two words. Stale where the register has changed since.
    """
    with transaction.atomic():
        register = Register(user, Action.IMPORT, locked=True)
        wanted = plan(register, rows)
        if wanted.problems or wanted.digest() != digest:
            raise Stale(STALE)
        new, changed = wanted.new, wanted.changed
        total, done = len(wanted.lines), 0
        yield done, total
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


def _add(lines, register, by):
    """Take new members into the branches their rows name, active from today on."""
    members = [line.member for line in lines]
    for member in members:
        member.telephone_index = telephone_index(member.telephone)
    in_bulk = {"batch_size": BATCH, "default_user": by, "default_change_reason": REASON}
    bulk_create_with_history(members, Member, **in_bulk)
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
    now = timezone.now()
    for member in changed:
        member.telephone_index, member.updated_at = telephone_index(member.telephone), now
    fields = {name for line in lines for name in line.fields}
    if fields:
        bulk_update_with_history(
            changed,
            Member,
            sorted(fields | {"telephone_index", "updated_at"}),
            batch_size=BATCH,
            default_user=by,
            default_change_reason=REASON,
        )
    groups = {register.memberships[line.member.pk].pk: line.group for line in lines if line.group}
    if groups:
        grouping.place_all(groups, by=by, reason=REASON)
