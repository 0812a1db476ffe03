"""The verbs of a recap: what is told of an activity that is over, and its photographs."""

from django.db import transaction

from activities.models import Activity, Recap, RecapPhoto
from activities.seats import locked
from branches.transitions import IllegalTransition

PHOTOS_MOST = 12  # shown of one activity


@transaction.atomic
def write(activity, *, words, others=0, by):
    """Write the recap of a finished activity, or write it anew; returns it. How many signed in is counted elsewhere."""
    activity = locked(activity)
    if activity.status != Activity.Status.FINISHED:
        raise IllegalTransition("活动结束以后，才能写回顾。")
    if not words.strip():
        raise IllegalTransition("请写几句：讲了什么，大家怎么样。")
    recap = Recap.objects.filter(activity=activity).first() or Recap(activity=activity, created_by=by)
    recap.words, recap.others = words.strip(), others
    recap._history_user = by
    recap.save()
    return recap


@transaction.atomic
def add_photo(recap, *, large, small, alt, by):
    """Add a photograph: two renditions of homes/photos.py, and what is to be seen in it, in words."""
    locked(recap.activity)
    if not alt.strip():
        raise IllegalTransition("请写照片里有什么，读给看不见的人听。")
    if recap.photos.shown().count() >= PHOTOS_MOST:
        raise IllegalTransition(f"最多放{PHOTOS_MOST}张照片。先收起一张，再放新的。")
    photo = RecapPhoto(recap=recap, large=large, small=small, alt=alt.strip())
    photo._history_user = by
    photo.save()
    return photo


@transaction.atomic
def put_away(photo, *, by):
    """Show a photograph no longer: nobody but staff can open it from then on."""
    photo = RecapPhoto.objects.select_for_update().get(pk=photo.pk)
    if not photo.is_archived:
        photo.is_archived = True
        photo._history_user = by
        photo.save(update_fields=["is_archived"])
    return photo
