"""Who sees what hangs on one activity."""

from homes.models.scope import AtPlaceQuerySet


class OfActivityQuerySet(AtPlaceQuerySet):
    """Rows about one activity, seen by those who see the activity."""

    place_path = "activity__"
    division_path = "activity__division"
    branch_path = "activity__branch"
