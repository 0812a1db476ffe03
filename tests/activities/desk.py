"""Filling in the desk's pages about what goes on, as a browser would: what was offered, and what the test changes."""

from datetime import timedelta

from django.forms import CheckboxInput, FileInput
from django.utils import timezone

from activities.models import Activity

DESK = "/desk/activities/"


def typed(response, **changes):
    """What the form of this page would send back untouched, updated with `changes`; None takes a field out."""
    data = {"kept_for": response.context["kept_for"]}
    for field in response.context["form"]:
        value = field.value()
        if isinstance(field.field.widget, CheckboxInput):
            data |= {field.html_name: "on"} if value else {}
        elif isinstance(value, (list, tuple)):
            data[field.html_name] = value
        elif not isinstance(field.field.widget, FileInput):
            shown = field.field.widget.format_value(value)
            if shown != []:  # several may be chosen and none is
                shown = shown[0] if isinstance(shown, list) else shown
                data[field.html_name] = "" if shown is None else shown
    return {name: value for name, value in (data | changes).items() if value is not None}


def send(client, address, **changes):
    """Open the page, change some of its form, and send it."""
    return client.post(address, typed(client.get(address), **changes))


def errors(response):
    """{field: what is said beside it}; "__all__" is what stands at the top."""
    return {name: " ".join(said) for name, said in response.context["form"].errors.items()}


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def posted():
    """What was posted in this test: the cast's own has nobody who did."""
    return Activity.objects.filter(created_by__isnull=False)


def page(activity, tail=""):
    return f"{DESK}{activity.pk}/{tail}"
