"""Writing and verifying the audit trail.

Each entry's digest is an HMAC over its own content and the digest before it, with a key that is not in the database:
a row that was changed, removed, put in or moved no longer fits. The newest digest is printed by `manage.py audit head`
to be kept elsewhere, so that cutting off the end shows too.
"""

import hmac
import json
from contextvars import ContextVar

from django.db import transaction
from django.utils import timezone

from branches.models import AuditEntry, AuditHead
from branches.sealing import keyed_hash

Action = AuditEntry.Action
SIGNED = ("number", "action", "actor", "actor_name", "subject", "subject_pk", "label", "reason", "data", "origin")

# The network address the request at hand comes from; the site's middleware says it, commands come from nowhere.
request_origin = ContextVar("request_origin", default="")


def record(action, *, by=None, subject=None, label="", reason="", origin="", **data):
    """Append an entry and return it. `by` is a user or None; `label` must already be masked.

    `data` is anything JSON can hold. What is too long for its column is cut. It belongs to the transaction at hand:
    writers queue at the end of the chain until that is over.
    """
    fields = {
        "actor": by.get_username() if by else "",
        "actor_name": str(by) if by else "",
        "subject": subject._meta.label_lower if subject is not None else "",
        "subject_pk": str(subject.pk) if subject is not None else "",
        "label": label or (str(subject) if subject is not None else ""),
        "reason": reason,
        "origin": origin or request_origin.get(),
    }
    fields = {name: _fitting(name, text) for name, text in fields.items()}
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(number=head.number + 1, at=timezone.now(), action=action, data=_plain(data), **fields)
        entry.digest = digest(entry, head.digest)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(number=entry.number, digest=entry.digest)
    return entry


def _fitting(name, text):
    """Text as the column takes it on both databases."""
    return text.replace("\0", "")[: AuditEntry._meta.get_field(name).max_length]


def _plain(value):
    """The value as it will be read back from either database, so that its digest is the same then."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value).replace("\0", "")


def digest(entry, before):
    """The hex digest of an entry that follows the digest `before`."""
    content = {name: getattr(entry, name) for name in SIGNED} | {"at": entry.at.isoformat(), "before": before}
    key = keyed_hash("audit", "audit-chain").encode()
    return hmac.new(key, json.dumps(content, sort_keys=True, ensure_ascii=False).encode(), "sha256").hexdigest()


def head():
    """(number, digest) of the newest entry, (0, "") while there is none."""
    return AuditHead.objects.filter(pk=1).values_list("number", "digest").first() or (0, "")


def verify(kept=()):
    """Return the faults of the chain, each a sentence naming its row; [] where it is whole.

    `kept` are (number, digest) pairs that were noted outside the database. Others may write meanwhile: what they
    append is verified as far as it is seen.
    """
    expected = dict([head(), *kept])
    faults, before, number, fitting = [], "", 0, 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            gone = f"第{number + 1}条" if entry.number == number + 2 else f"第{number + 1}到{entry.number - 1}条"
            faults.append(f"{gone}不见了，后面的第{entry.number}条无从核对。")
        elif entry.digest != digest(entry, before):
            faults.append(f"第{entry.number}条被改动过，或者前后次序被动过。")
        else:
            fitting += 1
        if entry.number in expected and entry.digest != expected.pop(entry.number):
            faults.append(f"第{entry.number}条的封印和记下的末端不一样。")
        number, before = entry.number, entry.digest
    faults += [f"末端不见了：应当有第{missing}条，现在只到第{number}条。" for missing in expected if missing > number]
    if number and not fitting:
        faults.insert(0, f"一条也对不上，一共{number}条：多半是 INDEX_KEY 不是写这些记录时的那一把，请先核对设置。")
    if number > head()[0]:
        faults.append(f"第{number}条在记下的末端之后，是另外塞进来的。")
    return faults
