"""What was typed is there again after logging in: a form that met an expired session is kept, sealed, for an hour.

Each form of the desk names, signed, whose page it is on. What comes in without a session is put away under that
person's name alone, and offered to nobody else, on whichever device they log in again. So is what comes from a page
that was open in another tab meanwhile: its token is of before the log-in.
"""

import json
from functools import wraps

from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.http import QueryDict

from branches.sealing import keyed_hash, seal, unseal

SALT = "kept form"
FIELD = "kept_for"  # the signed name of whose page it is
PAGE_SECONDS = 24 * 60 * 60  # how old a page may be
KEPT_SECONDS = 60 * 60
MOST = 60_000  # characters
NOT_KEPT = {FIELD, "csrfmiddlewaretoken"}
SAID = "您刚才填的都替您存着，登录以后接着填。一小时以内有效。"


def page_of(user):
    """What a form of this user's page carries along in the field `kept_for`."""
    return signing.dumps(user.pk, salt=SALT)


def keeps_typed(view):
    """For a view behind a log-in, outside all else: put away what a form brings without a session."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated and _put_away(request):
            messages.info(request, SAID)
        return view(request, *args, **kwargs)

    return page


def kept_from_old_page(request):
    """Put away what came from a page of before the last log-in; True where its reader is the one who is logged in."""
    return request.method == "POST" and request.user.pk is not None and _put_away(request) == request.user.pk


def take_back(request):
    """What this very person had typed on this page, as a QueryDict; None where nothing is kept."""
    token = cache.get(_key(request.user.pk, request.path))
    if token is None:
        return None
    typed = QueryDict(mutable=True)
    for name, values in json.loads(unseal(token)).items():
        typed.setlist(name, values)
    return typed


def forget(request):
    """It has been sent now."""
    cache.delete(_key(request.user.pk, request.path))


def refill(form, typed):
    """Let an unbound form show what was typed."""
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
    return form


def _put_away(request):
    """The primary key of whose it is; None where nothing was put away."""
    try:
        user = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=PAGE_SECONDS)
    except signing.BadSignature:
        return None
    typed = json.dumps({name: values for name, values in request.POST.lists() if name not in NOT_KEPT})
    if len(typed) > MOST:
        return None
    cache.set(_key(user, request.path), seal(typed), KEPT_SECONDS)
    return user


def _key(user, path):
    return f"kept-form:{keyed_hash(f'{user}:{path}', 'kept form')}"
