"""The staff pages of the register as its tests know them."""

BASE = "/admin/branches"
REASON = "约星期三上门"


def page(row, name="change"):
    """The address of a page about this row."""
    return f"{BASE}/{row._meta.model_name}/{row.pk}/{name}/"


def rows(response):
    """What a list shows."""
    return set(response.context["cl"].queryset)
