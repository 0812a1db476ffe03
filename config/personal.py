"""Pages that are only for whoever asks for them, and records that one browser may see for a while."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from config import english

OPENED, OPEN_SECONDS = "opened", 30 * 60  # in the session: {kind and number: the moment until which it is open}
CLOSED = _("请再写一次码和电话后四位。")


def personal(*methods):
    """A page that is only for whoever asks for it: never stored anywhere."""

    def decorate(view):
        @cache_control(private=True, no_store=True)
        @require_http_methods(methods)
        @wraps(view)
        def page(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        return page

    return decorate


def open_to(request, record):
    """Let this browser see the record for a while: whoever made it, or knew its code and telephone.

    Kept at once, in the transaction of whoever calls.
    """
    now = int(timezone.now().timestamp())
    still_open = {key: until for key, until in request.session.get(OPENED, {}).items() if until >= now}
    request.session[OPENED] = still_open | {_key(record): now + OPEN_SECONDS}
    request.session.save()


def opened(request, record):
    """Whether this browser may see the record just now. The record need not be read for it: `Model(pk=…)` will do."""
    return request.session.get(OPENED, {}).get(_key(record), 0) >= timezone.now().timestamp()


def opened_page(model, *methods):
    """A page of a record, which the view gets. Where it is not open (any more), the way to open it again: the same
    answer whether there is such a record or not, and nothing is done.
    """

    def decorate(view):
        @personal(*methods)
        @wraps(view)
        def page(request, pk, **kwargs):
            found = model.objects.filter(pk=pk).first() if opened(request, model(pk=pk)) else None
            if found is None:
                messages.info(request, str(CLOSED))
                return redirect(english.address(reverse("lookup")))
            return view(request, found, **kwargs)

        return page

    return decorate


def _key(record):
    return f"{record._meta.label_lower} {record.pk}"
