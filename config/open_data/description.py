"""Every address below /api/: what it takes, what it gives, how it refuses. Said here and nowhere else.

The views read from it what they accept (answering.py), /api/ shows it to people, /api/openapi.json gives it to
programs, and the tests hold every answer against it.
"""

import re

from django.conf import settings

from branches.coordinates import Datum
from config.limits import TOO_MANY, Limit
from config.open_data.schemas import LICENCE, OF_DATUM, PACE, PAGED, SCHEMAS, WALKED
from config.open_data.shapes import day, listed, number, record, ref, string, whole
from homes.circles.pace import BANDS, CIRCLE_MINUTES, PACES, USUAL

OFTEN = Limit("open data, from an address", 60, 60)  # answers that have to be made; stored ones are not counted
MOST, USUALLY = 100, 50  # rows a page
LAST_PAGE = 100_000
SLUG = r"^[-a-zA-Z0-9_]{1,60}$"
CODE = r"^\d{12}$"
JSON, GEOJSON = "application/json", "application/geo+json"
VERSION = "1.0.0"


def parameter(name, schema, *, place="query", required=False):
    told = schema.pop("description")
    return {"name": name, "in": place, "required": required, "description": told, "schema": schema}


def in_path(name, schema):
    return parameter(name, schema, place="path", required=True)


PAGES = (
    parameter("page", whole("第几页，从1开始", minimum=1, maximum=LAST_PAGE, default=1)),
    parameter("per_page", whole(f"一页几条，最多{MOST}", minimum=1, maximum=MOST, default=USUALLY)),
)
PACE_ASKED = parameter(
    "pace",
    string(
        f"步速：{'，'.join(f'{pace.key} {pace.name}，每秒{pace.speed}米' for pace in PACES)}",
        enum=[pace.key for pace in PACES],
        default=USUAL.key,
    ),
)
HOME_ASKED = parameter("home", string("只要这个家的：家的 id", pattern=SLUG))


def refusal(told, *, retry=False):
    headers = {"Retry-After": {"description": "过几秒再问", "schema": {"type": "integer"}}} if retry else {}
    return {"description": told, "headers": headers, "content": {JSON: {"schema": ref("Error")}}}


RESPONSES = {
    "Unchanged": {"description": "没有变：和 If-None-Match 里的 ETag 一样，没有内容"},
    "Wrong": refusal("参数写错了，或者没有这个参数"),
    "Missing": refusal("没有这一条，或者没有公布"),
    "NotAllowed": refusal("只能读：GET、HEAD、OPTIONS"),
    "TooMany": refusal(f"问得太勤：一个网络地址一分钟最多{OFTEN.number}次要现算的问题", retry=True),
}


def operation(summary, *parameters, told="", content=JSON, example="", stored=True, missing=False, **answer):
    """What GET of an address does. `example` is a query that works; what is `stored` comes with an ETag."""
    shape = record(summary, **LICENCE, **answer)
    if content == GEOJSON:
        shape["properties"] = {"type": string("GeoJSON", enum=["FeatureCollection"])} | shape["properties"]
        shape["required"] = [*shape["properties"]]
    responses = {"200": {"description": summary, "content": {content: {"schema": shape}}}}
    if stored:
        tag = {"description": "下次放在 If-None-Match 里问，没有变就是 304", "schema": {"type": "string"}}
        responses["200"]["headers"] = {"ETag": tag}
        responses["304"] = {"$ref": "#/components/responses/Unchanged"}
    responses["400"] = {"$ref": "#/components/responses/Wrong"}
    if missing:
        responses["404"] = {"$ref": "#/components/responses/Missing"}
    responses["405"] = {"$ref": "#/components/responses/NotAllowed"}
    responses[str(TOO_MANY)] = {"$ref": "#/components/responses/TooMany"}
    return {
        "summary": summary,
        "description": told or summary,
        "parameters": [*parameters],
        "responses": responses,
        "x-example": example,
    }


def page_of(told, content):
    return {
        "summary": told,
        "description": told,
        "parameters": [],
        "responses": {"200": {"description": told, "content": content}},
        "x-example": "",
    }


OPERATIONS = {
    "/api/homes/": operation(
        "所有公布的家",
        *PAGES,
        parameter("street", string("只要这个街道的：12位区划代码", pattern=CODE)),
        parameter("theme", string("只要这个主题的：主题的 id", pattern=SLUG)),
        told="按区划代码排。没有就是空的名单，不算错。",
        example="?per_page=5",
        **OF_DATUM,
        **PAGED,
        homes=listed("这一页的家", ref("Home")),
    ),
    "/api/homes/{slug}/": operation(
        "一个家",
        in_path("slug", string("家的 id", pattern=SLUG)),
        missing=True,
        **OF_DATUM,
        home=ref("Home"),
    ),
    "/api/homes.geojson": operation(
        "所有公布的家，画在地图上",
        told="GeoJSON，一次全给，不翻页；字段比 /api/homes/ 少。不知道在哪里的家没有点。",
        content=GEOJSON,
        **OF_DATUM,
        features=listed("每个家一个", ref("HomeFeature")),
    ),
    "/api/circles.geojson": operation(
        "每个家走几分钟能走到的范围",
        PACE_ASKED,
        parameter("minutes", whole("走几分钟", enum=[*BANDS], default=CIRCLE_MINUTES)),
        told="GeoJSON，一次全给。不知道在哪里的家没有圈。沿路网量的圈来自 OpenStreetMap（ODbL），"
        "显示的地方要写上 attribution；估算的要写上“估算”、系数和步速。",
        content=GEOJSON,
        example="?minutes=10&pace=slow",
        **OF_DATUM,
        **PACE,
        minutes=whole("走几分钟"),
        metres=whole("走多少米"),
        features=listed("每个圈一个", ref("CircleFeature")),
    ),
    "/api/nearest": operation(
        "离一个地方最近的三个家",
        parameter("lon", number("经度"), required=True),
        parameter("lat", number("纬度"), required=True),
        parameter(
            "datum",
            string(
                "lon 和 lat 的坐标基准：手机定位是 WGS-84，高德、腾讯地图是 GCJ-02，百度地图是 BD-09",
                enum=[str(each) for each in Datum],
                default=str(Datum.WGS84),
            ),
        ),
        PACE_ASKED,
        told="只在现在开放、一个星期里会开放的家里找，按走路的远近排。您问的位置不保存，也不写进记录；"
        "这个地址的回答不让任何地方缓存。",
        example="?lon=112.98&lat=28.11",
        stored=False,
        **OF_DATUM,
        **PACE,
        **WALKED,
        homes=listed("最近的在前，最多三个", ref("Nearest")),
    ),
    "/api/activities/": operation(
        "活动",
        *PAGES,
        parameter("from", day("这天和以后开始的，例如 2026-11-25")),
        parameter("until", day("这天和以前开始的，例如 2026-11-30")),
        HOME_ASKED,
        parameter("street", string("只要这个街道的：12位区划代码", pattern=CODE)),
        parameter("kind", string("只要这种活动：种类的 id", pattern=SLUG)),
        told="不写 from 和 until，就是还没有结束的活动，最近的在前。写了其中一个，就是那些日子开始的，"
        "已结束、已取消的也在里面；只写 until 就从今天算起。不给参加的人的姓名和电话。",
        example="?per_page=5",
        **PAGED,
        activities=listed("这一页的活动", ref("Activity")),
    ),
    "/api/activities/{pk}/": operation(
        "一次活动",
        in_path("pk", whole("活动的 id", minimum=0)),
        missing=True,
        activity=ref("Activity"),
    ),
    "/api/courses/": operation(
        "课程和队伍",
        *PAGES,
        HOME_ASKED,
        told="新的在前。上完了的也在里面，看 valid_to。",
        example="?per_page=5",
        **PAGED,
        courses=listed("这一页的课程", ref("Course")),
    ),
    "/api/figures/": operation(
        "公布的数字和今天数的数字",
        told="和“数字”那一页一样。人数少于3的不细说。",
        figures=listed("每个数字一条", ref("Figure")),
    ),
}
FOR_PEOPLE = {
    "/api/": page_of("这份说明，给人看的", {"text/html": {"schema": {"type": "string"}}}),
    "/api/openapi.json": page_of("这份说明，给程序看的（OpenAPI）", {JSON: {"schema": {"type": "object"}}}),
}


def document():
    """The whole as OpenAPI 3.1."""
    paths = FOR_PEOPLE | OPERATIONS
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE_NAME} · 开放数据",
            "version": VERSION,
            "description": "只读，不用申请，不用密钥。给人看的说明在 /api/。",
            "license": {"name": settings.OPEN_DATA_LICENCE},
        },
        "servers": [{"url": "/"}],
        "paths": {
            path: {"get": told | {"operationId": "_".join(re.findall(r"\w+", path))}} for path, told in paths.items()
        },
        "components": {"schemas": SCHEMAS, "responses": RESPONSES},
    }
