"""Working days counted from today, for samples that lie some of them back."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from branches.models import CalendarDay

BACK, AHEAD = 450, 450  # days: further than any sample or deadline reaches


class WorkingDays:
    """Days by their turn: 0 is today, or the last working day before it; -1 the one before that, 1 the next one."""

    def __init__(self):
        self.now, self.today = timezone.now(), timezone.localdate()
        first, last = self.today - timedelta(days=BACK), self.today + timedelta(days=AHEAD)
        off = CalendarDay.objects.holidays(first, last)
        changed = CalendarDay.objects.filter(day__range=(first, last), is_worked=True)
        worked = set(changed.values_list("day", flat=True))
        days = (first + timedelta(days=number) for number in range((last - first).days))
        self._days = [day for day in days if day in worked or (day.weekday() < 5 and day not in off)]
        self._zero = max(turn for turn, day in enumerate(self._days) if day <= self.today)

    def day(self, turn):
        return self._days[self._zero + turn]

    def moment(self, turn, minutes):
        """So many minutes after nine in the morning of that day; not later than now."""
        opened = timezone.make_aware(datetime.combine(self.day(turn), time(9)))
        return min(opened + timedelta(minutes=minutes), self.now)
