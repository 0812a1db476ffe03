"""Full names and telephones of volunteers: only with a reason, and only once it is in the audit trail."""

from django.db import transaction

from branches import audit
from branches.access import Action
from branches.reveal import enough
from volunteers.models import Volunteer

FIELDS = ("name", "telephone")


@transaction.atomic
def reveal(volunteers, fields, *, by, reason, subject=None):
    """{primary key: {field: text}} of these volunteers; one entry in the audit trail names them all.

    `subject` is what they are read for (a team), where it is not one person. Volunteer.DoesNotExist where some of them
    are not for `by` to see; IllegalTransition where the reason is too short.
    """
    reason, fields = enough(reason), list(fields)
    if set(fields) - set(FIELDS):
        raise ValueError(f"No such fields to reveal: {fields}")
    wanted = {volunteer.pk for volunteer in volunteers}
    seen = Volunteer.objects.visible_to(by, Action.REVEAL).in_bulk(wanted)
    if wanted - set(seen):
        raise Volunteer.DoesNotExist
    if seen:
        subject = subject or seen[min(seen)]
        audit.record(audit.Action.REVEAL, by=by, subject=subject, reason=reason, fields=fields, volunteers=sorted(seen))
    return {pk: {field: getattr(volunteer, field) for field in fields} for pk, volunteer in seen.items()}
