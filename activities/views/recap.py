"""The recap of an activity: a few words, photographs, how many came; and the photographs themselves."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from activities import recaps
from activities.door_forms import RecapForm
from activities.models import Activity, Recap, RecapPhoto, SignUp
from activities.views.door import own_activity, way_to
from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, desk_page


@desk_page(Action.CHANGE, Recap)
def recap(request, pk):
    """Write the recap, or write it anew; up to three photographs go with each saving."""
    activity = own_activity(request, pk, model=Recap)
    known = Recap.objects.filter(activity=activity).first()
    start = {"words": known.words, "others": known.others} if known else None
    form = RecapForm(request.POST if request.method == "POST" else None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _save(activity, form, by=request.user)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "回顾存好了，居民在活动的页面上看得到。")
            return redirect("activities:recap", pk=pk)
    context = {
        "activity": activity,
        "form": form,
        "known": known,
        "is_over": activity.status == Activity.Status.FINISHED,
        "photos": known.photos.shown() if known else (),
        "here": activity.sign_ups.filter(status=SignUp.Status.ATTENDED).count(),
        "crumbs": way_to(request, activity),
    }
    return render(request, "desk/door_recap.html", context, status=CONFLICT if form.non_field_errors() else 200)


@transaction.atomic
def _save(activity, form, *, by):
    """Words and photographs together, or nothing."""
    given = form.cleaned_data
    written = recaps.write(activity, words=given["words"], others=given["others"], by=by)
    for large, small, alt in form.photos():
        recaps.add_photo(written, large=large, small=small, alt=alt, by=by)


@desk_page(Action.CHANGE, RecapPhoto)
def put_away(request, pk, photo_pk):
    """Show a photograph no longer."""
    activity = own_activity(request, pk, model=RecapPhoto)
    photo = get_object_or_404(RecapPhoto, recap__activity=activity, pk=photo_pk, is_archived=False)
    if request.method == "POST":
        recaps.put_away(photo, by=request.user)
        messages.success(request, "收起来了，居民看不到这张照片了。")
        return redirect("activities:recap", pk=pk)
    way = way_to(request, activity, ("活动回顾", reverse("activities:recap", args=[pk])))
    return render(request, "desk/door_photo.html", {"activity": activity, "photo": photo, "crumbs": way})


@require_safe
def photo(request, name):
    """A photograph of a recap: for everybody once the activity is over and it is shown; else for its staff."""
    rows = RecapPhoto.objects.filter(Q(large=f"recaps/{name}.webp") | Q(small=f"recaps/{name}.webp"))
    stored = get_object_or_404(rows)
    if rows.public().exists():
        cache = "public, max-age=3600"
    elif RecapPhoto.objects.visible_to(request.user).filter(pk=stored.pk).exists():
        cache = "private, no-store"
    else:
        raise Http404
    try:
        with default_storage.open(f"recaps/{name}.webp") as file:
            return HttpResponse(file.read(), content_type="image/webp", headers={"Cache-Control": cache})
    except FileNotFoundError as error:
        raise Http404 from error
