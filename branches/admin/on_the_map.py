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
        drawn = shown_on_map(title, record.longitude, record.latitude)
        if record.longitude is None:
            return drawn
        point = (record.longitude, record.latitude)
        others = [(datum.hint, from_wgs84(*point, datum)) for datum in Datum]
        return render_to_string("admin/branches/position.html", {"drawn": drawn, "others": others})
