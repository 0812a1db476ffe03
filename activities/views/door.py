"""At the door: who is coming, who waits, who is there; on a phone, by whoever runs it."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import attendance, outbox, signup
from activities.door_forms import CallerForm, NoteForm, WalkInForm
from activities.models import Activity, HomeDelivery, Message, SignUp
from activities.seats import promotes
from activities.surnames import by_sound
from activities.views.desk_pages import crumbs
from branches.access import Action, allowed
from branches.masking import mask_telephone
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, attempt, desk_page

Status = SignUp.Status


def door_page(methods=("GET", "HEAD", "POST"), action=Action.CHANGE, model=SignUp):
    """A page about one activity for those who may change who comes to it."""
    return desk_page(action, model, methods)


def own_activity(request, pk, action=Action.CHANGE, model=SignUp):
    """An activity that is or was public, where this user may perform `action` on records of `model`; else missing."""
    rows = Activity.objects.public().for_cards().where_granted(request.user, action, model)
    return get_object_or_404(rows, pk=pk)


def own_sign_up(request, pk, sign_up_pk):
    """(activity, sign-up) of that activity."""
    activity = own_activity(request, pk)
    return activity, get_object_or_404(activity.sign_ups.select_related("booking"), pk=sign_up_pk)


def way_to(request, activity, *way):
    """The way to a page of this activity's door."""
    own = (activity.title, reverse("activities:desk_activity", args=[activity.pk]))
    return crumbs(request, own, *way)


def way_to_door(request, activity, *way):
    return way_to(request, activity, ("报名和签到", reverse("activities:people", args=[activity.pk])), *way)


def form_page(request, activity, form, title, button, *, way=None, **context):
    """The page of one form about an activity: 409 where the verb refused it."""
    refused = form.is_bound and bool(form.non_field_errors())
    way = way or way_to_door(request, activity)
    context |= {"form": form, "title": title, "button": button, "crumbs": way, "back": way[-1][1]}
    return render(request, "desk/form.html", context, status=CONFLICT if refused else 200)


def listed(rows):
    """Sign-ups by the sound of the surname; two of one name by their telephones. Each with `telephone`, masked."""
    rows = sorted(rows, key=lambda row: (by_sound(row.name), row.pk))
    for row in rows:
        row.telephone = mask_telephone(row.booking.telephone) if row.booking else ""
    return rows


@door_page()
def people(request, pk):
    """Who is coming, with a box a person; posted, the ticks are saved. Who waits, in order."""
    activity = own_activity(request, pk)
    if request.method != "POST":
        return _people(request, activity)
    seen, here = _ticks(request.POST)
    try:
        changed = attendance.save_ticks(
            activity, seen=seen, here=here, rest_absent="rest_absent" in request.POST, by=request.user
        )
    except IllegalTransition as refusal:
        return _people(request, activity, refusal=str(refusal), ticked=here)
    messages.success(request, f"存好了，改了{changed}位。" if changed else "存好了，没有要改的。")
    return redirect("activities:people", pk=pk)


def _ticks(data):
    """({primary key: status the page showed}, {ticked keys}) of the form; what is no such pair is left out."""
    pairs = (text.partition("-") for text in data.get("seen", "").split(","))
    seen = {int(pk): status for pk, _, status in pairs if _is_key(pk) and status in Status.values}
    return seen, {int(pk) for pk in data.getlist("here") if _is_key(pk)}


def _is_key(text):
    return text.isascii() and text.isdecimal() and len(text) < len("9999999999999999999")


def _people(request, activity, *, refusal="", ticked=None, walk_in=None):
    now = timezone.now()
    rows = activity.sign_ups.select_related("booking")
    coming = listed(rows.filter(Q(status__in=SignUp.SEATED)))
    for row in coming:
        row.is_here = row.pk in ticked if ticked is not None else row.status == Status.ATTENDED
    waiting = list(rows.queue())
    for row in waiting:
        row.telephone = mask_telephone(row.booking.telephone)
    context = {
        "activity": activity,
        "when": outbox.when(activity),
        "coming": [row for row in coming if not row.walk_in],
        "walk_ins": [row for row in coming if row.walk_in],
        "seen": ",".join(f"{row.pk}-{row.status}" for row in coming if not row.walk_in),
        "waiting": waiting,
        "left": rows.filter(status=Status.CANCELLED).count(),
        "here": sum(row.status == Status.ATTENDED for row in coming),
        "is_open": attendance.is_open(activity, now),
        "begun": activity.starts_at <= now,
        "may_sign_up": activity.takes_sign_up and activity.status == Activity.Status.PUBLISHED
        and now < activity.starts_at,
        "may_offer": activity.status == Activity.Status.PUBLISHED and now < activity.ends_at
        and not promotes(activity, now),
        "calls": Message.objects.visible_to(request.user, Action.CHANGE).to_ring().filter(
            sign_up__activity=activity).values("sign_up__booking").distinct().count(),
        "deliveries": HomeDelivery.objects.visible_to(request.user).filter(activity=activity).for_list(),
        "may_deliver": activity.starts_at <= now and allowed(request.user, Action.ADD, HomeDelivery),
        "refusal": refusal,
        "walk_in": walk_in or WalkInForm(),
        "crumbs": way_to(request, activity),
    }  # fmt: skip
    return render(request, "desk/door.html", context, status=CONFLICT if refusal else 200)


@door_page(methods=("POST",))
def walk_in(request, pk):
    """Write down somebody who just came. What was typed stays on the page where it is refused."""
    activity = own_activity(request, pk)
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return _people(request, activity, refusal=next(iter(form.errors.values()))[0], walk_in=form)
    try:
        row = attendance.walk_in(activity, by=request.user, **form.cleaned_data)
    except IllegalTransition as refusal:
        return _people(request, activity, refusal=str(refusal), walk_in=form)
    messages.success(request, f"记下了：{row.name}，临时来的。")
    return redirect(reverse("activities:people", args=[pk]) + "#walk-in")


@door_page()
def sign_up(request, pk):
    """Sign somebody up who rings, or stands there: the same fields as residents fill in."""
    activity = own_activity(request, pk)
    form = CallerForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        booking = attempt(form, signup.join, activity, by=request.user, **form.booking())
        if booking is not None:
            first = booking.sign_ups.filter(activity=activity).first()
            said = "名额满了，先候补着" if first and first.status == Status.WAITLISTED else "报上了"
            messages.success(request, f"{said}。请念给对方记下：报名码 {booking.code[:4]} {booking.code[4:]}。")
            return redirect("activities:people", pk=pk)
    lead = f"{activity.title}，{outbox.when(activity)}，{activity.where}。"
    return form_page(request, activity, form, "替人报名", "报上", lead=lead)


@door_page()
def leave(request, pk, sign_up_pk):
    """Give back a place for somebody who rings."""
    activity, row = own_sign_up(request, pk, sign_up_pk)
    form = NoteForm(request.POST if request.method == "POST" else None, needed=False)
    if request.method == "POST" and form.is_valid():
        waited = activity.sign_ups.queue().count()
        left = attempt(form, signup.leave, row, by=request.user, reason=form.cleaned_data["reason"])
        if left is not None:
            moved = row.status == Status.CONFIRMED and activity.sign_ups.queue().count() < waited
            messages.success(request, f"取消好了：{row.name} 不来了。" + ("位子补给候补的人了。" if moved else ""))
            return redirect("activities:people", pk=pk)
    lead = f"{activity.title}，{outbox.when(activity)}。现在是“{row.get_status_display()}”。"
    return form_page(request, activity, form, f"{row.name} 不来了？", "对，取消", lead=lead, kind="act")


@door_page()
def offer(request, pk, sign_up_pk):
    """Give a free seat to somebody who waits, by telephone, once the queue no longer moves by itself."""
    activity, row = own_sign_up(request, pk, sign_up_pk)
    first = activity.sign_ups.queue().first()
    out_of_turn = first is not None and first != row
    form = NoteForm(request.POST if request.method == "POST" else None, needed=out_of_turn)
    if request.method == "POST" and form.is_valid():
        offered = attempt(form, signup.offer_late, row, by=request.user, reason=form.cleaned_data["reason"])
        if offered is not None:
            messages.success(request, f"补上了：{row.name}。还没说的话，请打电话告诉一声。")
            return redirect("activities:people", pk=pk)
    lead = "先打电话问一问，来得了再补。" + ("前面还有人在等，先补这一位要写明原因。" if out_of_turn else "")
    return form_page(request, activity, form, f"让 {row.name} 来", "补上", lead=lead)


@door_page()
def strike_out(request, pk, sign_up_pk):
    """Take back somebody written down at the door by mistake."""
    activity, row = own_sign_up(request, pk, sign_up_pk)
    if not row.walk_in:
        raise Http404
    if request.method == "POST":
        try:
            attendance.strike_out(row, by=request.user)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"删去了：{row.name}。")
        return redirect("activities:people", pk=pk)
    context = {"activity": activity, "row": row, "crumbs": way_to_door(request, activity)}
    return render(request, "desk/door_strike_out.html", context)
