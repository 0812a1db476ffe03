"""/desk/orders/new/: an order for somebody who rings, or stands there; the code is shown once, to be read out."""

from django.shortcuts import render
from django.utils import timezone

from branches.access import Action
from branches.views.desk import attempt
from homes.models import Home
from volunteers import ordering
from volunteers.desk_forms import NewOrderForm
from volunteers.models import ServiceOrder
from volunteers.views.desk_order_pages import crumbs, order_page, posted


@order_page(Action.ADD)
def new(request):
    """Enter it; sent twice, it is one order. The answer is the slip with the code, which no other page shows."""
    homes = Home.objects.public().where_granted(request.user, Action.ADD, ServiceOrder).order_by("name")
    form = NewOrderForm(posted(request), homes=homes)
    if request.method == "POST" and form.is_valid():
        order = attempt(form, ordering.place, by=request.user, **form.order())
        if order is not None:
            seen = ServiceOrder.objects.visible_to(request.user).filter(pk=order.pk).exists()
            context = {"order": order, "seen": seen, "now": timezone.localtime()}
            return render(request, "volunteers/desk/slip.html", context)
    context = {"form": form, "crumbs": crumbs(request)}
    return render(request, "volunteers/desk/new.html", context, status=409 if form.non_field_errors() else 200)
