"""Writing and verifying the audit trail.

Each entry's digest is an HMAC over its own content and the digest before it, with a key that is not in the database:
a row that was changed, removed, put in or moved no longer fits. The newest digest is printed by `manage.py audit head`
to be kept elsewhere, so that cutting off the end shows too.
"""

import hmac
import json

from django.db import transaction
from django.utils import timezone

from branches.models import AuditEntry, AuditHead
from branches.sealing import keyed_hash

Action = AuditEntry.Action
SIGNED = ("number", "action", "actor", "actor_name", "subject", "subject_pk", "label", "reason", "data", "origin")


def record(action, *, by=None, subject=None, label="", reason="", origin="", **data):
    """Append an entry and return it. `by` is a user or None; `label` must already be masked."""
    with transaction.atomic():
        head, _ = AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(
            number=head.number + 1,
            at=timezone.now(),
            action=action,
            actor=by.get_username() if by else "",
            actor_name=str(by) if by else "",
            subject=subject._meta.label_lower if subject is not None else "",
            subject_pk=str(subject.pk) if subject is not None else "",
            label=(label or (str(subject) if subject is not None else ""))[:120],
            reason=reason[:300],
            data=data,
            origin=origin,
        )
        entry.digest = digest(entry, head.digest)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(number=entry.number, digest=entry.digest)
    return entry


def digest(entry, before):
    """The hex digest of an entry that follows the digest `before`."""
    content = {name: getattr(entry, name) for name in SIGNED} | {"at": entry.at.isoformat(), "before": before}
    key = keyed_hash("audit", "audit-chain").encode()
    return hmac.new(key, json.dumps(content, sort_keys=True, ensure_ascii=False).encode(), "sha256").hexdigest()


def verify():
    """Return the faults of the chain, each a sentence naming its row; [] where it is whole."""
    faults, before, number = [], "", 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            faults.append(f"第{number + 1}条不见了（后面一条是第{entry.number}条）。")
        if entry.digest != digest(entry, before):
            faults.append(f"第{entry.number}条被改动过，或者前后次序被动过。")
        number, before = entry.number, entry.digest
    head = AuditHead.objects.filter(pk=1).first()
    if (head.number, head.digest) != (number, before) if head else number:
        faults.append(f"末端不符：应当到第{head.number if head else 0}条为止，现在是第{number}条。")
    return faults


