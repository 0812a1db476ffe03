"""How an address below /api/ answers: it takes what the description says it takes, and nothing else.

What is counted against the limit is work: an answer that lies in the store of public pages (config/caching.py) is given
before anybody gets here, and stays free. A parameter that is not described is refused, so that nothing made up stores
one more copy of an answer, and nobody believes in a filter that is none.
"""

import re
from datetime import date
from functools import wraps
from http import HTTPStatus
from math import ceil

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone

from config.client_address import client_address, neighbourhood
from config.limits import TOO_MANY
from config.open_data.description import OFTEN, OPERATIONS
from config.open_data.schemas import PAGED
from config.site import address_of

METHODS = ("GET", "HEAD", "OPTIONS")
A_DAY = 24 * 60 * 60
WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")  # as many digits as a database holds
YEARS = range(2000, 2101)
SHOWN = 40  # characters of what somebody wrote, in a sentence about it


class ParameterError(ValueError):
    """A parameter that cannot be used, with a sentence for whoever wrote the program."""


def open_data(path):
    """Make a view of `view(request, asked, **named)`, which returns what the answer holds besides the licence.

    `asked` are the parameters that OPERATIONS describes for this path, read and checked.
    """
    told = OPERATIONS[path]
    (content,) = told["responses"]["200"]["content"]
    is_stored = "304" in told["responses"]

    def marked(view):
        @wraps(view)
        def answered(request, **named):
            if request.method == "OPTIONS":
                return _preflight()
            if request.method not in METHODS:
                return refusal("这里只能读，请用 GET。", HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(METHODS))
            if not OFTEN.take(neighbourhood(client_address(request))):
                sentence = f"问得太勤了：一分钟最多{OFTEN.number}次，请过一分钟再问。"
                return refusal(sentence, TOO_MANY, **{"Retry-After": str(OFTEN.seconds)})
            try:
                found = view(request, read(told, request.GET), **named)
            except ParameterError as problem:
                return refusal(str(problem), HTTPStatus.BAD_REQUEST)
            except Http404 as problem:
                return refusal(str(problem), HTTPStatus.NOT_FOUND)
            if content.endswith("geo+json"):
                found = {"type": "FeatureCollection"} | found
            response = _answer({"licence": settings.OPEN_DATA_LICENCE} | found, content_type=content)
            if not is_stored:
                response.headers["Cache-Control"] = "no-store"
            return response

        answered.csrf_exempt = True  # nothing is written: who posts is told 405, not that a form is too old
        answered.public_page = is_stored
        return answered

    return marked


def _answer(found, status=HTTPStatus.OK, content_type="application/json", **headers):
    response = JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False}, content_type=content_type)
    return readable_elsewhere(response, **headers)


def readable_elsewhere(response, **headers):
    """Let a page of any site read the answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    for name, value in headers.items():
        response.headers[name] = value
    return response


def refusal(sentence, status, **headers):
    return _answer({"error": sentence}, status, **{"Cache-Control": "no-store"}, **headers)


def _preflight():
    """What a browser asks before it sends If-None-Match from another site."""
    return readable_elsewhere(
        HttpResponse(status=HTTPStatus.NO_CONTENT),
        **{
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": "If-None-Match",
            "Access-Control-Max-Age": str(A_DAY),
            "Allow": ", ".join(METHODS),
        },
    )


# --- what is asked
def read(told, query):
    """{name: value or None} of a query, as the operation describes it."""
    known = {each["name"]: each for each in told["parameters"] if each["in"] == "query"}
    for name in query:
        if name not in known:
            offered = f"可以写的是 {'、'.join(known)}。" if known else "这个地址不用写参数。"
            raise ParameterError(f"没有“{name[:SHOWN]}”这个参数。{offered}")
        if len(query.getlist(name)) > 1:
            raise ParameterError(f"{name} 只能写一次。")
    needed = [name for name, each in known.items() if each["required"]]
    if not all(query.get(name) for name in needed):
        raise ParameterError(f"请写明 {'、'.join(needed)}，例如 {told['x-example']}。")
    return {
        name: _value(name, each["schema"], query[name]) if name in query else each["schema"].get("default")
        for name, each in known.items()
    }


def _value(name, schema, text):
    if choices := schema.get("enum"):
        return _choice(name, choices, text)
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise ParameterError(f"{name} 要写成{low}到{high}的整数。")
        return int(text)
    if schema.get("format") == "date":
        return _day(name, text)
    if "pattern" in schema and not re.search(schema["pattern"], text):
        raise ParameterError(f"{name} 写得不对：这里要写代号，就是别的回答里的 id 或者 code。")
    return text


def _choice(name, choices, text):
    for choice in choices:
        if text == str(choice):
            return choice
    raise ParameterError(f"{name} 只能写 {'、'.join(map(str, choices))}。")


def _day(name, text):
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-25") else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise ParameterError(f"{name} 要写成 2026-11-25 这样的日期。")
    return found


# --- what is said
def page_of(request, asked, rows):
    """(a page of `rows`, what stands beside it in the answer)."""
    total, number, size = rows.count(), asked["page"], asked["per_page"]
    last = max(1, ceil(total / size))
    if number > last:
        raise ParameterError(f"没有第{number}页：一共{last}页。")

    def address(other):
        query = request.GET.copy()
        query["page"] = other
        return f"{address_of(request)}{request.path}?{query.urlencode()}" if 1 <= other <= last else None

    beside = dict(zip(PAGED, (total, number, size, address(number + 1), address(number - 1)), strict=True))
    return rows[(number - 1) * size : number * size], beside


def named(thing, site):
    """How a record that has a page is named in another; None where there is none."""
    return thing and {"id": thing.slug, "name": str(thing), "url": f"{site}{thing.get_absolute_url()}"}


def moment(at):
    return at and timezone.localtime(at).isoformat(timespec="seconds")


def clock(at):
    return at and f"{at:%H:%M}"


def phones(number):
    return [{"number": number, "type": "voice"}] if number else []


def sample(thing):
    return {"is_sample": thing.is_sample, "sample_note": "示例数据" if thing.is_sample else None}
