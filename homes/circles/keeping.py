"""A home or a place that is saved has its walks computed by itself, once what was saved is safe."""

from threading import local

from django.db import transaction
from django.db.models.signals import post_save

from branches.models import Building, ResidentCompound
from homes.circles import computing
from homes.models import Home

MANY = 20  # records of one transaction; more are computed at one go

# What this thread has saved and not computed yet, {(model, pk)}. Of a transaction that was taken back something may
# stay until the next one is committed: it is looked up anew, and found as it was.
_waiting = local()


def waiting():
    if not hasattr(_waiting, "records"):
        _waiting.records = set()
    return _waiting.records


def _saved(sender, instance, using, raw=False, **_signal):
    if not raw:
        waiting().add((sender, instance.pk))
        # robust: the record is saved whatever becomes of the walks; the log tells, and every night computes them anew
        transaction.on_commit(_compute, using=using, robust=True)


def _compute():
    """The first to be called computes for all that one transaction saved."""
    records = list(waiting())
    waiting().clear()
    if len(records) > MANY:
        computing.compute_all()
        return
    for model, pk in records:
        (computing.compute_home if model is Home else computing.compute_place)(model(pk=pk))


def register():
    for sender in (Home, Building, ResidentCompound):
        post_save.connect(_saved, sender=sender, dispatch_uid=f"circles-{sender.__name__}")
