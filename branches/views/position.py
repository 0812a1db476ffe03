"""/desk/position/: as JSON, where typed degrees lie on the drawn outline, or which degrees a press on it means.

What is asked is stored nowhere. The forms of static/js/admin-position.js ask it, so that one place converts.
"""

from django.http import JsonResponse

from branches.access import Action
from branches.coordinates import Datum
from branches.map import Projection
from branches.models import Division, ResidentCompound
from branches.position_form import PositionFields
from branches.views.desk import desk_page

PRESSED = "图上点的，准到一百米上下。"


@desk_page(Action.VIEW, ResidentCompound, ("GET", "HEAD"))
def position(request):
    """`x` and `y` of a press, or `longitude`, `latitude` and `datum` as they were typed."""
    here = Division.objects.district()
    drawn = Projection(here.outline) if here and here.outline else None
    told, given, pressed = {}, request.GET, ""
    if "x" in request.GET and drawn:
        try:
            degrees = drawn.degrees(float(request.GET["x"]), float(request.GET.get("y", "")))
        except ValueError:
            return JsonResponse({"words": "没有看清点在哪里，请再点一次。"})
        told = {name: f"{number:.6f}" for name, number in zip(("longitude", "latitude"), degrees, strict=True)}
        given, pressed = told | {"datum": Datum.WGS84.value}, PRESSED
    form = PositionFields(given)
    wrong = [error for name, errors in form.errors.as_data().items() for error in errors]
    outside = [error for error in wrong if error.code == "outside"]
    if any(error.code == "swapped" for error in wrong):
        told["swapped"] = [given["latitude"], given["longitude"]]
    point = (form.cleaned_data.get("longitude"), form.cleaned_data.get("latitude"))
    if None not in point and wrong == outside:
        told["x"], told["y"] = drawn.place(*point) if drawn else (None, None)
        where = f"不在{here}的轮廓里面，请核对" if outside else f"在{here}的轮廓里面" if drawn else "记下了"
        told["words"] = f"{pressed}这个点{where}。保存以后是 WGS-84 坐标 {point[0]:.6f}, {point[1]:.6f}。"
    else:
        told["words"] = " ".join(sentence for error in wrong for sentence in error.messages)
    return JsonResponse(told)
