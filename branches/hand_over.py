"""A copy of everything that is stored about a person, for that person, in their language.

Other people in it are masked, and who of the staff wrote a row is left out: the copy is about one person.
"""

from datetime import date, datetime

from django.db import models
from django.utils import timezone

from branches.models import AuditEntry, CareVisit, CommunityMembership, Event, GroupPlacement, Member, Pairing, User

INTERNAL = {
    "telephone_index", "person_key", "form_key", "held_until", "history_id", "history_type", "history_change_reason",
}  # fmt: skip


def copy_of(member):
    """{heading: rows}, each row {label: value}; ready for JSON."""
    stays = member.memberships.order_by("pk")
    keys = list(stays.values_list("pk", flat=True))
    sources = {
        "党员": [member],
        "社区报到": stays,
        "分组": GroupPlacement.objects.filter(membership__in=keys).select_related("group__branch", "household__group"),
        "党员中心户": member.hosted_households.select_related("group"),
        "结对（有人来看望）": member.pairings.select_related("carer"),
        "结对（去看望别人）": member.carings.select_related("member"),
        "走访": member.visits.order_by("visited_on", "pk"),
        "办理经过": Event.objects.filter(_told_of(member, keys)),
        "审计记录": AuditEntry.objects.filter(subject="branches.member", subject_pk=str(member.pk)).order_by("number"),
        "以前的内容": Member.history.filter(id=member.pk).order_by("history_date", "history_id"),
        "报到以前的内容": CommunityMembership.history.filter(member=member.pk).order_by("history_date", "history_id"),
        "走访以前的内容": CareVisit.history.filter(member=member.pk).order_by("history_date", "history_id"),
    }
    return {heading: copied(rows) for heading, rows in sources.items()}


def copied(rows):
    """Model instances as [{label: value}]."""
    return [_row(row) for row in rows]


def _told_of(member, stays):
    pairs = list(Pairing.objects.filter(models.Q(member=member) | models.Q(carer=member)).values_list("pk", flat=True))
    condition = models.Q(pk__in=[])
    for label, keys in (("member", [member.pk]), ("communitymembership", stays), ("pairing", pairs)):
        condition |= models.Q(subject=f"branches.{label}", subject_pk__in=keys)
    return condition


def _row(row):
    """The filled fields of a row under their labels."""
    told = {}
    for each in row._meta.concrete_fields:
        if each.name in INTERNAL or each.primary_key or each.related_model is User:
            continue
        if each.name in {"actor", "actor_name", "digest", "origin"}:  # who of the staff, and seals
            continue
        value = _value(row, each)
        if value not in (None, ""):
            told[str(each.verbose_name)] = value
    return told


def _value(row, each):
    if each.choices:
        return str(getattr(row, f"get_{each.name}_display")())
    value = getattr(row, each.attname)
    if isinstance(each, models.ForeignKey):
        known = each.related_model._base_manager.filter(pk=value).first() if value is not None else None
        return str(known) if known else None
    match value:
        case bool():
            return "是" if value else "否"
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
    return value
