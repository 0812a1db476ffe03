"""/desk/columns/: how fresh the public columns are, for those who answer for the district or a street."""

from django.shortcuts import render
from django.urls import reverse

from branches.access import Action, allowed
from branches.views.desk import Section, add_section, desk_page, way_in
from config.columns import State, columns
from homes.models import Home

# whoever founds homes answers for the district or a street
add_section(Section("栏目", "columns", Home, "哪个公开栏目空着、过期了。", Action.ADD))


@desk_page(Action.ADD, Home, methods=("GET", "HEAD"))
def page(request):
    """Every column: what is empty or late first, then what soon will be."""
    found = columns()
    order = list(State)
    found.sort(key=lambda each: order.index(each.state))
    for_reader = [(each, _where_to_add(request.user, each.column)) for each in found]
    context = {
        "wrong": [row for row in for_reader if row[0].state.is_wrong],
        "others": [row for row in for_reader if not row[0].state.is_wrong],
        "crumbs": way_in(request.user),
    }
    return render(request, "desk/columns.html", context)


def _where_to_add(user, column):
    """The page on which this user may put something into the column, or ""."""
    adds = column.adds is not None and allowed(user, Action.ADD, column.adds)
    return reverse(column.add) if adds else ""
