"""The description of /api/ for people and for programs."""

import re

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from activities.models import Activity
from config.caching import public_page
from config.open_data.answering import ParameterError, read, readable_elsewhere, refusal
from config.open_data.description import FOR_PEOPLE, MOST, OFTEN, OPERATIONS, RESPONSES, document
from config.open_data.schemas import DATUM, DIFFERENCES, SCHEMAS
from config.site import address_of
from homes.models import Home

TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "object": "一组",
    "array": "一列",
}


@require_safe
@public_page
def openapi(request):
    try:
        read(FOR_PEOPLE["/api/openapi.json"], request.GET)
    except ParameterError as problem:
        return refusal(str(problem), 400)
    return readable_elsewhere(JsonResponse(document(), json_dumps_params={"ensure_ascii": False}))


@require_safe
@public_page
def api(request):
    """The page: how to ask, each address with an example that works, each field with its meaning."""
    examples = _examples()
    return render(
        request,
        "pages/open_data.html",
        {
            "operations": [_operation(path, told, examples) for path, told in OPERATIONS.items()],
            "schemas": [(name, shape["description"], fields(shape)) for name, shape in SCHEMAS.items()],
            "responses": [(_code(name), told["description"]) for name, told in RESPONSES.items()],
            "differences": DIFFERENCES,
            "address": address_of(request),
            "datum": DATUM,
            "most": MOST,
            "often": OFTEN.number,
            "licence": document()["info"]["license"]["name"],
        },
    )


def _examples():
    """{name in a path: one that there is}"""
    home = Home.objects.public().order_by("pk").values_list("slug", flat=True).first()
    activity = Activity.objects.public().order_by("-starts_at", "-pk").values_list("pk", flat=True).first()
    return {"slug": home, "pk": activity}


def _operation(path, told, examples):
    needed = re.findall(r"{(\w+)}", path)
    has_example = all(examples[name] is not None for name in needed)
    ((content, answer),) = told["responses"]["200"]["content"].items()
    return {
        "path": path,
        "summary": told["summary"],
        "told": told["description"],
        "content": content,
        "example": path.format(**examples) + told["x-example"] if has_example else "",
        "parameters": [
            {
                "name": each["name"],
                "told": each["description"],
                "words": kind(each["schema"]),
                "required": each["required"],
                "default": each["schema"].get("default"),
            }
            for each in told["parameters"]
        ],
        "fields": fields(answer["schema"]),
    }


def _code(name):
    """The number of a response, as the operations use it."""
    return next(
        code
        for told in OPERATIONS.values()
        for code, response in told["responses"].items()
        if response.get("$ref", "").endswith(f"/{name}")
    )


def fields(shape):
    """[(name, what it may be, meaning)] of an object, with those inside it: division.code."""
    rows = []
    for name, each in shape.get("properties", {}).items():
        inner = each.get("items", each)
        rows.append((name, kind(each), each.get("description") or SCHEMAS[_named(each)]["description"]))
        within = f"{name}[]" if inner is not each else name
        rows += [(f"{within}.{below}", *rest) for below, *rest in fields(inner)]
    return rows


def _named(shape):
    return shape.get("$ref", "").rpartition("/")[2]


def kind(shape):
    """What a value may be, in words; the name of a described shape leads to it."""
    if name := _named(shape):
        return mark_safe(f'<a href="#{name}">{name}</a>')  # noqa: S308 - our own names
    if "oneOf" in shape:
        return mark_safe(f"{kind(shape['oneOf'][0])} 或 null")  # noqa: S308
    if "enum" in shape:
        return " 或 ".join("null" if value is None else str(value) for value in shape["enum"])
    if shape["type"] == "array" and "items" in shape:
        return mark_safe(f"一列 {kind(shape['items'])}")  # noqa: S308
    types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    return " 或 ".join(TYPES.get(each, each) for each in types)
