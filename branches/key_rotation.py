"""Sealing everything anew with the first of `settings.FIELD_KEYS`, so that the older keys can be thrown away.

Worked through in small transactions; interrupted and begun again, it goes on where it stopped, for what is sealed with
the first key already is left alone. A value that somebody changes meanwhile is left to them.
"""

from collections import Counter

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from branches.sealing import SealedTextField, reseal

BATCH = 500
RESEALED, FRESH, UNREADABLE = "resealed", "fresh", "unreadable"


def sealed_fields():
    """[(model, field)] of every sealed field, the tables of histories among them."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField)
    ]


def rotate():
    """Reseal everything; return {"app.model.field": Counter of RESEALED, FRESH, UNREADABLE}."""
    counts = {f"{model._meta.label_lower}.{field.name}": _rotate(model, field) for model, field in sealed_fields()}
    if apps.is_installed("allauth.mfa"):
        counts["mfa.authenticator.data"] = _rotate_second_steps()
    return counts


def is_fresh(token):
    """Whether the first key alone opens the token."""
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def _renewed(token):
    """(what became of it, the token to store)"""
    if is_fresh(token):
        return FRESH, token
    try:
        return RESEALED, reseal(token)
    except InvalidToken:
        return UNREADABLE, token


def _rotate(model, field):
    """One column. Raw text is read past the field, which would open it, and written past it, which would seal it."""
    name = connection.ops.quote_name
    key, column, table = name(model._meta.pk.column), name(field.column), name(model._meta.db_table)
    write = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608 - names of our own
    rows = model._base_manager.annotate(token=Cast(field.name, models.TextField())).order_by("pk")
    counts, last = Counter(), 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "token")[:BATCH]):
        last = batch[-1][0]
        with transaction.atomic(), connection.cursor() as cursor:
            for pk, token in batch:
                if not token:
                    continue
                outcome, renewed = _renewed(token)
                counts[outcome] += 1
                if outcome == RESEALED:
                    cursor.execute(write, [renewed, pk, token])
    return counts


@transaction.atomic
def _rotate_second_steps():
    """The secrets of the second log-in step: sealed texts among others in one JSON column."""
    counts = Counter()
    for row in apps.get_model("mfa", "Authenticator").objects.select_for_update().order_by("pk"):
        changed = False
        for key, token in row.data.items():
            if isinstance(token, str) and token.startswith("gAAAA"):  # how every Fernet token begins
                outcome, row.data[key] = _renewed(token)
                counts[outcome] += 1
                changed |= outcome == RESEALED
        if changed:
            row.save(update_fields=["data"])
    return counts
