"""Sample orders: most of them done over the last two years, and a few in every other state."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from branches.demo_words import person
from branches.sealing import Sealed
from volunteers.models import Assignment, ServiceOrder

Status, Rating, Held = ServiceOrder.Status, ServiceOrder.Rating, Assignment.Status
CODES, TELEPHONE = 20_000_000, "1000{:07}"
NUMBERS = 4_000_000
YEARS = 2 * 365 - 20
# what becomes of an order, by its turn in a home; all that follow are over and done
FIRST = (
    Status.SUBMITTED, Status.DISPATCHING, Status.ACCEPTED, Status.DONE, Status.UNABLE, Status.CANCELLED,
    Status.SUBMITTED, Status.ACCEPTED,
)  # fmt: skip
RATINGS = (Rating.GOOD,) * 6 + (Rating.FAIR,) * 2 + (Rating.POOR,) + (Rating.NONE,) * 3
WORDS = {
    "repairs": ("客厅的灯不亮了", "水龙头一直滴水", "门锁不好开", "椅子腿松了"),
    "errands": ("请帮忙去药店买常用的药", "有个快递要取", "陪我去银行办一件事"),
    "company": ("想有人来坐坐，说说话", "老伴住院，家里没人照应"),
    "hair-cutting": ("出不了门，想理个发",),
    "phones": ("不会用微信视频", "手机上挂号总也挂不上"),
    "mediation": ("楼上漏水，说了几次没用", "楼道里堆了东西"),
    "guide": ("想听听这条街的故事", "找不到要去的地方"),
    "other": ("有一件小事想请人帮帮忙",),
}
OUTCOME = {
    Status.UNABLE: "这件事要请专业的人来，我们怕弄坏了。",
    Status.CANCELLED: "家里人已经办好了。",
    Status.DONE: "去看过，办好了。",
    Status.CLOSED: "去看过，办好了。",
}


def orders_of(home, crew, makers, *, is_known):
    """(unsaved orders, unsaved assignments) of one home, given by the volunteers `crew`."""
    if not crew:
        return [], []
    dice = Random(f"orders {home.slug}")  # noqa: S311 - samples, not secrets
    number = makers.troop.orders_of_the_known if is_known else makers.troop.orders_a_home
    orders, assignments = [], []
    for turn in range(number):
        status = FIRST[turn] if turn < min(len(FIRST), number // 2) else Status.CLOSED
        order = _order(home, status, turn, makers, dice)
        orders.append(order)
        if status not in (Status.SUBMITTED, Status.UNABLE, Status.CANCELLED):
            assignments.append(_assignment(order, crew[turn * 7 % len(crew)], makers, dice))
    return orders, assignments


def _order(home, status, turn, makers, dice):
    number = next(makers.orders)
    category = makers.categories[(number + turn) % len(makers.categories)]
    is_over = status == Status.CLOSED
    days = dice.randrange(15, YEARS) if is_over else turn % 5
    created = makers.now - timedelta(days=days, hours=3 + number % 20)
    done = min(created + timedelta(days=dice.randrange(1, 5)), makers.now) if is_over or status == Status.DONE else None
    ended = done + timedelta(days=dice.randrange(0, 8)) if is_over else None
    if status in (Status.UNABLE, Status.CANCELLED):
        ended = min(created + timedelta(hours=5), makers.now)
    on = timezone.localdate(created)
    visit = None
    if status in (Status.DISPATCHING, Status.ACCEPTED):
        morning = timezone.localtime(makers.now).replace(hour=9, minute=0, second=0, microsecond=0)
        visit = morning + timedelta(days=2 + turn % 3, hours=turn)
    elif done is not None:
        visit = done - timedelta(hours=2)
    return ServiceOrder(
        code=f"{CODES + number}", category=category, is_sample=True, created_at=created, status=status,
        what=Sealed(dice.choice(WORDS.get(category.slug, WORDS["other"]))), name=Sealed(person(number + 3000)),
        telephone=Sealed(TELEPHONE.format(NUMBERS + number)), place=Sealed(f"示例路{number % 300 + 1}号"),
        proxy_name=Sealed(person(number + 5000)) if number % 6 == 0 else "", home=home, division=home.division,
        branch=None if status == Status.SUBMITTED and turn else makers.branches.get(home.division_id), needed=1,
        via=ServiceOrder.Via.values[number % 4], accept_by=on + timedelta(days=category.accept_days + 1),
        done_by=on + timedelta(days=category.done_days + 2), visit_at=visit, visit_minutes=category.usual_minutes,
        done_at=done, ended_at=ended, rating=dice.choice(RATINGS) if is_over else "",
        outcome=Sealed(OUTCOME[status]) if status in OUTCOME else "",
    )  # fmt: skip


def _assignment(order, volunteer, makers, dice):
    held = {Status.DISPATCHING: Held.OFFERED, Status.ACCEPTED: Held.ACCEPTED}.get(order.status, Held.COMPLETED)
    offered = order.created_at + timedelta(hours=2)
    return Assignment(
        order=order, volunteer=volunteer, status=held, is_sole=True, visit_at=order.visit_at,
        visit_ends_at=order.visit_at + timedelta(minutes=order.visit_minutes), offered_at=offered,
        expires_at=makers.now + timedelta(hours=20) if held == Held.OFFERED else offered + timedelta(days=1),
        answered_at=None if held == Held.OFFERED else offered + timedelta(hours=1),
        ended_at=order.done_at if held == Held.COMPLETED else None,
        minutes=dice.choice((20, 30, 45, 60, 90)) if held == Held.COMPLETED else None,
    )  # fmt: skip
