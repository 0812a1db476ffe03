"""What is asked before something is put on: is the house shut that day, is the room taken, when is it free next."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from activities.models import Activity
from branches.models import CalendarDay
from homes.models import OpeningException

LOOKED_AHEAD = 28  # days, for a free one
TAKING_ROOM = (Activity.Status.DRAFT, Activity.Status.PENDING, Activity.Status.PUBLISHED)


def moment(day, clock):
    """The moment of a day and a time as they are read here."""
    return timezone.make_aware(datetime.combine(day, clock))


def shut(home, first, last):
    """{day: why} for the days between two, both included, that are holidays or on which the home says it is shut.

    `home` may be None. A weekend that is worked is a day like any other.
    """
    why = CalendarDay.objects.holidays(first, last)
    if home is None:
        return why
    for row in OpeningException.objects.filter(home=home, opens=None, first_day__lte=last, last_day__gte=first):
        begins, ends = max(row.first_day, first), min(row.last_day, last)
        for number in range((ends - begins).days + 1):
            why.setdefault(begins + timedelta(days=number), row.reason)
    return why


def clashes(activity):
    """What else is in the home in the meantime: in the same room, or where one of the two does not say which room."""
    if activity.home is None or activity.setting != Activity.Setting.HOME:
        return Activity.objects.none()
    others = activity.home.activities.filter(
        status__in=TAKING_ROOM,
        setting=Activity.Setting.HOME,
        starts_at__lt=activity.ends_at,
        ends_at__gt=activity.starts_at,
    )
    if activity.room_id:
        others = others.filter(Q(room=None) | Q(room=activity.room_id))
    return others.exclude(pk=activity.pk).order_by("starts_at", "pk")


def warnings(activity):
    """Sentences for whoever puts it on. None of them forbids anything."""
    said = []
    day = timezone.localdate(activity.starts_at)
    for other in clashes(activity).select_related("room")[:3]:
        begins, ends = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
        same = activity.room_id and activity.room_id == other.room_id
        room = f"在{other.room}" if same else "也在这个家，没写清是不是同一间屋"
        state = "" if other.status == Activity.Status.PUBLISHED else f"（{other.get_status_display()}）"
        said.append(f"那段时间还有“{other}”{state}，{begins:%H:%M}–{ends:%H:%M}，{room}。")
    said += _shut_words(activity, day)
    if activity.takes_sign_up and activity.closes_at <= timezone.now() < activity.starts_at:
        said.append("报名截止的时间已经过了：居民自己报不上名，只能打电话来报。")
    return said


def _shut_words(activity, day):
    home = activity.home if activity.setting == Activity.Setting.HOME else None
    words = f"{day.month}月{day.day}日"
    if why := shut(home, day, day).get(day):
        return [f"{words}不开放：{why}。"]
    if home is None or home.exceptions.filter(first_day__lte=day, last_day__gte=day).exists():
        return []
    weekdays = set(home.hours.values_list("weekday", flat=True))
    if weekdays and day.weekday() not in weekdays and not CalendarDay.objects.filter(day=day, is_worked=True).exists():
        return [f"{words}是{date_format(day, 'l')}，这个家平时这一天不开门。"]
    return []


def not_entered(first, last):
    """A sentence about the holidays between two days that are not known yet; "" where all are."""
    years = "、".join(f"{year}年" for year in CalendarDay.objects.years_open(first, last))
    if not years:
        return ""
    return f"{years}的放假安排还没有录进来：元旦、劳动节、国庆已经空出来，春节、清明、端午、中秋和调休请自己看看。"


def beside(home, room, days, begins, ends):
    """{day: what else goes on in that room, or in the home where a room is not told, between two times of that day}"""
    if not days:
        return {}
    others = home.activities.filter(status__in=TAKING_ROOM, setting=Activity.Setting.HOME)
    if room is not None:
        others = others.filter(Q(room=None) | Q(room=room))
    found, asked = {}, set(days)
    for other in others.between(min(days), max(days)):
        day = timezone.localdate(other.starts_at)
        if day in asked and other.starts_at < moment(day, ends) and other.ends_at > moment(day, begins):
            found.setdefault(day, other)
    return found


def next_free_day(home, begins, minutes, *, after=None):
    """The first day after `after` (today) on which the home is not shut and nothing else goes on at that time."""
    after = after or timezone.localdate()
    first, last = after + timedelta(days=1), after + timedelta(days=LOOKED_AHEAD)
    off = shut(home, first, last)
    open_on = set(home.hours.values_list("weekday", flat=True)) if home else set()
    taken = list(home.activities.filter(status__in=TAKING_ROOM).between(first, last)) if home else []
    for number in range(LOOKED_AHEAD):
        day = first + timedelta(days=number)
        start = moment(day, begins)
        ends = start + timedelta(minutes=minutes)
        free = not any(other.starts_at < ends and other.ends_at > start for other in taken)
        if free and day not in off and (not open_on or day.weekday() in open_on):
            return day
    return first


def term(home, first, last, weekdays):
    """[(day, why it falls out, "" where it is held)]: the days from `first` to `last` on which a course meets.

    `weekdays` are numbers, Monday 0. A course that meets on every weekday meets on a worked weekend, too.
    """
    off = shut(home, first, last)
    every_weekday = set(range(5)) <= set(weekdays)
    worked = set(
        CalendarDay.objects.filter(day__range=(first, last), is_worked=True).values_list("day", flat=True)
        if every_weekday
        else ()
    )
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [(day, off.get(day, "")) for day in days if day.weekday() in weekdays or day in worked]
