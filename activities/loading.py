"""Loading the words of a district for what goes on. The rules are those of branches/loading.py."""

from datetime import time

from activities.models import ActivityKind
from homes.loading import by_slug

COLUMNS = ("slug", "name", "sentence", "usual_minutes", "usual_capacity", "day_before_at", "order")


def load_activity_kinds(folder, arrivals):
    """activity_kinds.csv, if the folder has one."""
    if not folder.has("activity_kinds.csv"):
        return
    known = by_slug(ActivityKind)
    for record in folder.csv("activity_kinds.csv", COLUMNS, key=("slug",)):
        slug = record.required("slug")
        values = {
            "slug": slug,
            "name": record.required("name"),
            "usual_minutes": record.integer("usual_minutes", default=90),
            "order": record.integer("order", default=100),
        }
        values |= {"sentence": record.text("sentence")} if record.has("sentence") else {}
        if record.has("usual_capacity"):
            values["usual_capacity"] = record.integer("usual_capacity", default=None)
        if record.has("day_before_at"):
            values["day_before_at"] = _clock(record)
        arrivals.bring(record, ActivityKind, known.get(slug), values)
    folder.stop_on_problems()


def _clock(record):
    try:
        return time.fromisoformat(record.text("day_before_at"))
    except ValueError:
        record.problem("day_before_at", "应当是几点几分，例如 16:00。")
        return None
