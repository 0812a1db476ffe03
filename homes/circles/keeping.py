"""A home or a place that is saved has its walks computed by itself, once what was saved is safe."""

from django.db import transaction
from django.db.models.signals import post_save

from branches.models import Building, ResidentCompound
from homes.models import Home

MANY = 20  # records of one transaction; more are computed at one go


class Moved:
    """What one transaction saved; called when it is committed."""

    def __init__(self, record):
        self.records = {(type(record), record.pk): record}

    def __call__(self):
        from homes.circles import computing  # noqa: PLC0415 - once the apps are loaded

        if len(self.records) > MANY:
            computing.compute_all()
            return
        for record in self.records.values():
            (computing.compute_home if isinstance(record, Home) else computing.compute_place)(record)


def _saved(sender, instance, using, raw=False, **_signal):
    if raw:
        return
    connection = transaction.get_connection(using)
    here = set(connection.savepoint_ids)
    waiting = [function for savepoints, function, *_ in connection.run_on_commit
               if isinstance(function, Moved) and savepoints <= here]  # fmt: skip
    if waiting:
        waiting[0].records[sender, instance.pk] = instance
    else:
        # robust: the record is saved whatever becomes of the walks; the log tells, and every night computes them anew
        transaction.on_commit(Moved(instance), using=using, robust=True)


def register():
    for sender in (Home, Building, ResidentCompound):
        post_save.connect(_saved, sender=sender, dispatch_uid=f"circles-{sender.__name__}")
