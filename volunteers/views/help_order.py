"""An order, open to the browser that asked or knew its code: what happened, what comes next, what one may still say."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from branches.masking import mask_telephone
from branches.transitions import IllegalTransition
from config import english
from config.lookup import Kind, register
from config.personal import opened_page
from volunteers import ordering, progress
from volunteers.help_forms import RatingForm, ReopenForm
from volunteers.models import ServiceOrder

Status, Rating = ServiceOrder.Status, ServiceOrder.Rating
CONFLICT = 409
THANKS = "记下了，谢谢您。"
SORRY = "记下了，对不起没办好。还没解决的，请在下面写一句，我们重新办理。"
ORDER = register(Kind(ServiceOrder, "求助", lambda record: reverse("volunteers:order", args=[record.pk])))


@opened_page(ServiceOrder, "GET", "HEAD")
def order(request, found):
    """The code, what comes next and by when, whom to ring, what happened."""
    return _page(request, found)


def _page(request, found, *, rating=None, reopening=None, refusal="", status=200):
    found = ServiceOrder.objects.select_related("category", "branch", "home", "duplicate_of").get(pk=found.pk)
    now = timezone.now()
    may_rate, may_reopen = found.status == Status.DONE, ordering.may_reopen(found, now)
    context = {
        "order": found,
        "heading": progress.heading(found),
        "today": timezone.localdate(now),
        "next": [line for line in progress.comes_next(found, now) if line],
        "happened": progress.happened(found),
        "call": progress.call(found),
        "telephone": mask_telephone(found.telephone),
        "photos": found.photos.all(),
        "rating": (rating or RatingForm()) if may_rate else None,
        "reopening": (reopening or ReopenForm()) if may_reopen else None,
        "is_unsolved": found.rating == Rating.POOR or bool(reopening),
        "form": reopening or rating,  # the one that is shown once more
        "refusal": refusal,
    }
    return render(request, english.template("volunteers/help/order.html"), context, status=status)


@opened_page(ServiceOrder, "POST")
def rate(request, found):
    """Say how it was done."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, rating=form)
    given = form.cleaned_data
    try:
        ordering.rate(found, given["rating"], words=given["words"].strip())
    except IllegalTransition as refusal:
        return _page(request, found, refusal=str(refusal), status=CONFLICT)
    messages.success(request, SORRY if given["rating"] == Rating.POOR else THANKS)
    return redirect("volunteers:order", pk=found.pk)


@opened_page(ServiceOrder, "POST")
def reopen(request, found):
    """It is not solved: once more."""
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reopening=form)
    try:
        ordering.reopen(found, reason=form.cleaned_data["reason"])
    except IllegalTransition as refusal:
        return _page(request, found, refusal=str(refusal), status=CONFLICT)
    messages.success(request, "好的，重新办理，排在前面。")
    return redirect("volunteers:order", pk=found.pk)


@opened_page(ServiceOrder, "GET", "HEAD", "POST")
def cancel(request, found):
    """Take it back: asked first, done on the second press."""
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            with english.in_chinese():
                ordering.cancel(found, version=int(version) if version.isdecimal() and len(version) < 10 else None)
        except IllegalTransition as refusal:
            return _page(request, found, refusal=str(refusal), status=CONFLICT)
        messages.success(request, gettext("撤掉了，不会有人来了。"))
        return redirect(english.address(reverse("volunteers:order", args=[found.pk])))
    if not found.is_open:
        return _page(request, found, refusal="这件事已经不在办了，不用撤。")
    return render(
        request, english.template("volunteers/help/cancel.html"), {"order": found, "heading": progress.heading(found)}
    )
