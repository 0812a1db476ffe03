"""Where a record lies, on its staff page."""

from django.contrib import admin
from django.template.loader import render_to_string

from branches.coordinates import Datum, from_wgs84
from branches.position_form import shown_on_map


class OnTheMap:
    """`where_on_map`: the point on the outline of the district, and its numbers in the maps people use."""

    @admin.display(description="在图上")
    def where_on_map(self, record):
        title = f"{record}在哪里" if record.pk else "在哪里"
        # as it is saved: a form that is shown again has written into the record what was typed, the half of it maybe
        kept = type(record).objects.filter(pk=record.pk).exclude(longitude=None)
        point = kept.values_list("longitude", "latitude").first()
        if point is None:
            return shown_on_map(title, None, None)
        drawn = shown_on_map(title, *point)
        others = [(datum.hint, from_wgs84(*point, datum)) for datum in Datum]
        return render_to_string("admin/branches/position.html", {"drawn": drawn, "others": others})
