"""At the door: who is coming, who waits, who is there; on a phone, by whoever runs it."""

from django.contrib import messages
from django.db import transaction
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
    """Who is coming, with a box a person; posted, all that stands on the page is saved. Who waits, in order."""
    activity = own_activity(request, pk)
    return _save(request, activity) if request.method == "POST" else _people(request, activity)


@door_page(methods=("POST",))
def walk_in(request, pk):
    """The button beside the line of somebody who just came: saves the same page, and the line has to be filled in."""
    return _save(request, own_activity(request, pk), needs_line=True)


def _save(request, activity, *, needs_line=False):
    """Save the ticks and the line of somebody who just came, both or neither, and go where the button leads.

    What was ticked and typed stays on the page where it is refused.
    """
    sent, form = Sent(request.POST), WalkInForm(request.POST)
    row, writes_line = None, needs_line or form.is_typed
    if writes_line and not form.is_valid():
        return _people(request, activity, sent=sent, walk_in=form)
    try:
        with transaction.atomic():
            changed = attendance.save_ticks(
                activity, seen=sent.seen, here=sent.here, rest_absent=sent.rest_absent, by=request.user
            )
            if writes_line:
                row = attendance.walk_in(activity, by=request.user, **form.cleaned_data)
    except attendance.Namesake as question:
        form.ask(str(question))
    except IllegalTransition as refusal:
        return _people(request, activity, refusal=str(refusal), sent=sent, walk_in=form)
    else:
        return _saved(request, activity, changed, row)
    return _people(request, activity, sent=sent, walk_in=form)


def _saved(request, activity, changed, row):
    """Say what was saved, and go on: to where the button that was pressed leads, or back to the list."""
    onward = request.POST.get("then", "")
    onward = onward if onward.startswith(reverse("desk:today")) else ""
    if row:
        messages.success(request, f"记下了：{row.name}，临时来的。")
    if changed:
        messages.success(request, f"存好了，改了{changed}位。")
    elif not row and not onward:
        messages.success(request, "存好了，没有要改的。")
    back = reverse("activities:people", args=[activity.pk])
    return redirect(onward or (f"{back}#walk-in" if row else back))


class Sent:
    """The ticks as they were sent: what the page showed (`seen`), and what was ticked on it (`here`)."""

    def __init__(self, data):
        pairs = (text.partition("-") for text in data.get("seen", "").split(","))
        self.seen = {int(pk): status for pk, _, status in pairs if _is_key(pk) and status in Status.values}
        self.here = {int(pk) for pk in data.getlist("here") if _is_key(pk)}
        self.rest_absent = "rest_absent" in data

    def is_here(self, row):
        """Whether the box of this row is ticked when the page comes back: as it was sent where it was changed there,
        else as it is now, so that saving once more does not undo what somebody else did meanwhile.
        """
        ticked = row.pk in self.here
        is_changed = row.pk in self.seen and ticked != (self.seen[row.pk] == Status.ATTENDED)
        return ticked if is_changed else row.status == Status.ATTENDED


def _is_key(text):
    return text.isascii() and text.isdecimal() and len(text) < len("9999999999999999999")


def _people(request, activity, *, refusal="", sent=None, walk_in=None):
    now = timezone.now()
    rows = activity.sign_ups.select_related("booking")
    coming = listed(rows.filter(Q(status__in=SignUp.SEATED)))
    for row in coming:
        row.is_here = sent.is_here(row) if sent else row.status == Status.ATTENDED
    waiting = list(rows.queue())
    for row in waiting:
        row.telephone = mask_telephone(row.booking.telephone)
    booked = [row for row in coming if not row.walk_in]
    begun, is_on = activity.starts_at <= now, activity.status == Activity.Status.PUBLISHED
    refused = bool(refusal or (walk_in and walk_in.errors))
    context = {
        "activity": activity,
        "when": outbox.when(activity),
        "coming": booked,
        "walk_ins": [row for row in coming if row.walk_in],
        "seen": ",".join(f"{row.pk}-{row.status}" for row in booked),
        "waiting": waiting,
        "may_leave": [] if begun else [row for row in booked if row.status == Status.CONFIRMED],
        "left": rows.filter(status=Status.CANCELLED).count(),
        "here": sum(row.status == Status.ATTENDED for row in coming),
        "is_open": attendance.is_open(activity, now),
        "begun": begun,
        "may_offer": is_on and now < activity.ends_at and not promotes(activity, now),
        "ways": _ways(request, activity, now),
        "deliveries": HomeDelivery.objects.visible_to(request.user).filter(activity=activity).for_list(),
        "refusal": refusal,
        "refused": refused,
        "rest_absent": sent is not None and sent.rest_absent,
        "walk_in": walk_in or WalkInForm(),
        "crumbs": way_to(request, activity),
    }
    return render(request, "desk/door.html", context, status=CONFLICT if refused else 200)


def _ways(request, activity, now):
    """[(words, address)] of the other pages about who comes to this activity, as far as there is something to do."""
    calls = Message.objects.visible_to(request.user, Action.CHANGE).to_ring().filter(sign_up__activity=activity)
    is_on, is_off = (activity.status == each for each in (Activity.Status.PUBLISHED, Activity.Status.CANCELLED))
    delivers = activity.starts_at <= now and not is_off and allowed(request.user, Action.ADD, HomeDelivery)
    ways = (
        ("按报名码签到", "check_in", attendance.is_open(activity, now)),
        ("替人报名", "sign_up_caller", is_on and activity.takes_sign_up and now < activity.starts_at),
        ("打印签到表", "paper", not is_off),
        ("要打的电话", "calls_of", calls.exists()),
        ("写活动回顾", "recap", activity.status == Activity.Status.FINISHED),
        ("送学上门", "deliver", delivers),
    )
    return [(words, reverse(f"activities:{name}", args=[activity.pk])) for words, name, has in ways if has]


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
