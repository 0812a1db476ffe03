"""What people can ask for and what time asks of orders: find them by telephone, hand over, empty, let go of.

An order that is emptied stays as a row with its category, its days, its branch, and the minutes of those who went: how
much was done is still known, and not for whom. Its photographs are deleted, the files with them.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from branches.masking import mask_name
from branches.models import Event
from branches.names import plain_name
from branches.privacy import ELSEWHERE, KINDS, Elsewhere, Kind, hash_of
from branches.transitions import RESIDENT
from volunteers import ordering
from volunteers.models import Assignment, Message, OrderPhoto, ServiceOrder

KEPT = timedelta(days=2 * 366)  # after it is over: two years
AT_ONCE = 500  # rows a question
WORDS = ("what", "name", "telephone", "proxy_name", "place", "wish", "outcome", "rating_words")
BLANK = dict.fromkeys(WORDS, "") | {"compound": None}  # in the history, too
BLANK_ROW = BLANK | {"code": None, "telephone_index": "", "form_key": None}
ORDER, ASSIGNMENT = ServiceOrder._meta.label_lower, Assignment._meta.label_lower


def let_go(orders):
    """Empty these orders: their rows and histories, what was said at each step, their photographs."""
    keys = list(orders.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        _empty(keys[start : start + AT_ONCE])


@transaction.atomic
def _empty(keys):
    ServiceOrder.objects.filter(pk__in=keys).update(**BLANK_ROW)
    ServiceOrder.history.filter(id__in=keys).update(**BLANK)
    went = list(Assignment.objects.filter(order__in=keys).values_list("pk", flat=True))
    for manager in (Assignment.objects, Assignment.history):
        manager.filter(order__in=keys).update(reason="")
    told = Q(subject=ORDER, subject_pk__in=keys) | Q(subject=ASSIGNMENT, subject_pk__in=went)
    Event.objects.filter(told).update(reason="", on_behalf_of="")
    for photo in OrderPhoto.objects.filter(order__in=keys):
        storage, name = photo.picture.storage, photo.picture.name
        photo.delete()
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))


# --- by time
def old_orders():
    """Orders that were over two years ago and are not emptied yet."""
    return ServiceOrder.objects.filter(ended_at__lt=timezone.now() - KEPT).exclude(code=None)


# --- by telephone
def orders_of(telephone):
    return ServiceOrder.objects.filter(telephone_index=hash_of(telephone)).order_by("pk")


def _own(telephone, names):
    """(the orders for one person, those they asked for somebody else); all of them where no name is told."""
    orders = list(orders_of(telephone))
    if names is None:
        return orders, []
    wanted = {plain_name(name) for name in names}
    own = [order for order in orders if plain_name(order.name) in wanted]
    as_proxy = [order for order in orders if order not in own and plain_name(order.proxy_name) in wanted]
    return own, as_proxy


def count(telephone):
    return orders_of(telephone).count()


def copies(telephone, names):
    """{heading: rows} of one person, or of everybody under the number; whoever else stands in an order is masked."""
    own, as_proxy = _own(telephone, names)
    keys = [order.pk for order in own]
    past = list(ServiceOrder.history.filter(id__in=keys).order_by("history_date", "history_id"))
    if names is not None:
        for order in (*own, *past):
            order.proxy_name = mask_name(order.proxy_name)
        for order in as_proxy:
            order.name, order.what, order.place = mask_name(order.name), "", ""
    return {
        "求助单": own,
        "替别人求助": as_proxy,
        "求助以前的内容": past,
        "求助的通知": Message.objects.filter(order__in=keys, assignment=None).order_by("pk"),
        "求助的办理经过": Event.objects.filter(subject=ORDER, subject_pk__in=keys).order_by("pk"),
    }


@transaction.atomic
def erase(telephone, names, *, by):
    """Cancel what is still under way, then empty it; returns how many orders. As a proxy only the name is taken out."""
    own, as_proxy = _own(telephone, names)
    for order in own:
        if order.is_open:
            ordering.cancel(order, by=RESIDENT)  # whose wish it is: nobody rings them up about it
    let_go(ServiceOrder.objects.filter(pk__in=[order.pk for order in own]))
    keys = [order.pk for order in as_proxy]
    ServiceOrder.objects.filter(pk__in=keys).update(proxy_name="")
    ServiceOrder.history.filter(id__in=keys).update(proxy_name="")
    return len(own) + len(as_proxy)


def register():
    """Tell branches/privacy.py what is kept about those who asked for help."""
    KINDS["orders"] = Kind("结束两年的求助单：清空内容，删掉照片", old_orders, let_go)
    ELSEWHERE.append(Elsewhere("求助单", count, erase, copies))
