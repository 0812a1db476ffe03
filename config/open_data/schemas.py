"""What a home, an activity, a figure … look like when a program asks: each field with its meaning, once.

Names of homes are those of HSDS 3 (Human Services Data Specification) where it has one; `DIFFERENCES` says where we
are not like it. The words are for people who write programs: /api/ shows them.
"""

from config.open_data.shapes import (
    address,
    clock,
    day,
    listed,
    maybe,
    maybe_ref,
    moment,
    number,
    record,
    ref,
    string,
    whole,
    yes_no,
)
from homes.circles.pace import PACES
from homes.models import Home

DATUM = "WGS-84"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as RFC 5545 has them
STATUS = {Home.Status.OPEN: "active", Home.Status.SUSPENDED: "temporarily closed"}
ACTIVITY_STATUS = ("published", "finished", "cancelled")

DIFFERENCES = (
    "id 是网址代号（拼音），不是 UUID；它不变，门口海报的二维码也用它。",
    "service 和 location 合成一条：一个家就是一个地点，字段在同一层。",
    "addresses 只有 address_1 和 country：城市、省和邮编没有另外记。地址待补充的家，这一列是空的。",
    "每周的时间在 schedules；放假、临时改时间的日子另放在 schedule_exceptions，那几天照它，不照 schedules。",
    "opens_at 和 closes_at 只写当地的几点几分，比 UTC 早几小时写在 timezone。",
    "accessibility 是六个固定的问题，available 为 null 就是还没有人去看过。",
    "多了 summary、division、theme、facilities、location_precision、demonstration_since、open_now、open_until。",
    "多了 source（故事的来源）、is_sample 和 sample_note（是不是示例数据）。",
    "翻页用 page、per_page、total、next、previous，不用 HSDS 的 Page。",
)

SAMPLE = {
    "is_sample": yes_no("true 是为演示编的示例数据，不是真的"),
    "sample_note": maybe(string("示例数据会写“示例数据”，拿去显示时请一起显示", enum=["示例数据"])),
}

NAMED = record(
    "别的记录",
    id=string("代号"),
    name=string("名称"),
    url=address("网页"),
)
STREET = record("街道、乡镇", code=string("12位区划代码", pattern=r"^\d{12}$"), name=string("名称"))
DIVISION = record(
    "所在的区划：知道社区写社区，不知道就写街道或区",
    code=string("12位区划代码", pattern=r"^\d{12}$"),
    name=string("名称"),
    street=maybe_ref("Street", "所在的街道；只知道在哪个区时是 null"),
)
ADDRESS = record(
    "地址",
    address_1=string("路名、门牌，写到楼栋为止"),
    country=string("国家", enum=["CN"]),
    address_type=string("可以上门的地址", enum=["physical"]),
)
PHONE = record("电话", number=string("号码"), type=string("可以通话", enum=["voice"]))
SCHEDULE = record(
    "每周重复的一段开放时间",
    freq=string("每周重复", enum=["WEEKLY"]),
    byday=string("星期几，逗号隔开：MO 是星期一，SU 是星期日", pattern=rf"^({'|'.join(DAYS)})(,({'|'.join(DAYS)}))*$"),
    opens_at=clock("开门，当地时间"),
    closes_at=clock("关门，当地时间"),
    timezone=number("比 UTC 早几小时"),
)
SCHEDULE_EXCEPTION = record(
    "特殊安排：这几天不照每周的时间",
    valid_from=day("第一天"),
    valid_to=day("最后一天，包括这天"),
    opens_at=maybe(clock("开门；null 是这几天不开放")),
    closes_at=maybe(clock("关门；null 是这几天不开放")),
    description=string("原因，写给居民看的"),
)
ACCESSIBILITY = record(
    "一个固定的问题和回答",
    id=string("哪个问题", enum=[*Home.ACCESSIBILITY]),
    description=string("问的是什么：进门没有台阶、走道有扶手……"),
    available=maybe(yes_no("true 有，false 没有，null 还不知道")),
    details=maybe(string("用一句话回答")),
)
FACILITY = record(
    "设施",
    id=string("代号"),
    name=string("名称"),
    description=maybe(string("在这个家里有什么特别")),
)

BRIEF = {
    "id": string("网址代号，不变"),
    "name": string("名称"),
    "url": address("网页"),
    "status": string("active 开放，temporarily closed 暂停开放", enum=[*STATUS.values()]),
    "alert": maybe(string("暂停开放的说明")),
    "summary": maybe(string("一句话介绍")),
    "division": ref("Division"),
    "theme": maybe_ref("Named", "主题"),
    "addresses": listed("地址，最多一个；待补充就是空的", ref("Address")),
    "phones": listed("电话，最多一个；待补充就是空的", ref("Phone")),
    "location_precision": maybe(
        string(
            "位置有多准：surveyed 实地测定，building 定位到楼，hand_placed 手工标注、大致位置",
            enum=[*Home.Precision.values],
        )
    ),
    "demonstration_since": maybe(day("哪天授予区级示范阵地；现在不是就是 null")),
    "assured_date": maybe(day("哪天核实过信息")),
    **SAMPLE,
}
LONGITUDE = number("经度，WGS-84", minimum=-180, maximum=180)
LATITUDE = number("纬度，WGS-84", minimum=-90, maximum=90)

HOME = record(
    "一个老党员之家",
    **BRIEF,
    description=maybe(string("这个家的故事，空一行是新的一段")),
    source=maybe(string("故事的来源")),
    latitude=maybe(LATITUDE),
    longitude=maybe(LONGITUDE),
    transportation=maybe(string("怎么走：公交站、路口")),
    schedules=listed("每周的开放时间；待补充就是空的", ref("Schedule")),
    schedule_exceptions=listed("今天和以后的特殊安排", ref("ScheduleException")),
    open_now=maybe(yes_no("这一分钟开着没有；不知道开放时间是 null")),
    open_until=maybe(clock("今天开到几点；现在没开就是 null")),
    accessibility=listed("进出方便吗：六个固定的问题，每个都有", ref("Accessibility")),
    facilities=listed("有什么", ref("Facility")),
)

NEAREST = record(
    "一个走得最近的家",
    id=string("网址代号"),
    name=string("名称"),
    url=address("网页"),
    reachable=yes_no("走不走得到；false 就是没有路能走过去"),
    metres=maybe(whole("走路多少米；走不到是 null")),
    minutes=maybe(whole("走路多少分钟，往上取整，不算等红灯；走不到是 null")),
    straight_metres=whole("直线多少米"),
    way=string("怎么走，写给人看的"),
    transportation=maybe(string("怎么走：公交站、路口")),
    open_now=maybe(yes_no("这一分钟开着没有；null 是不知道，去以前先打电话")),
    open_until=maybe(clock("今天开到几点；现在没开就是 null")),
    opens_later_today=maybe(clock("今天晚些时候几点再开；不再开就是 null")),
    opens_next=maybe(string("以后哪天开，写给人看的；今天还开就是 null")),
    phones=listed("电话，最多一个", ref("Phone")),
    latitude=LATITUDE,
    longitude=LONGITUDE,
    **SAMPLE,
)

ACTIVITY = record(
    "一次活动，也可能是课程的一次课",
    id=whole("编号，不变"),
    name=string("名称"),
    url=address("网页"),
    status=string("published 已发布，finished 已结束，cancelled 已取消", enum=[*ACTIVITY_STATUS]),
    status_note=maybe(string("取消的原因")),
    kind=record("种类", id=string("代号"), name=string("名称")),
    course=maybe_ref("Named", "是哪门课的一次课"),
    number=maybe(whole("第几次课")),
    home=maybe_ref("Named", "哪个家办的"),
    branch=maybe_ref("Named", "哪个支部办的"),
    place=string("在哪里，写给人看的"),
    starts_at=moment("开始"),
    ends_at=moment("结束"),
    description=maybe(string("介绍")),
    bring=maybe(string("要带什么")),
    phones=listed("问事情打的电话，最多一个", ref("Phone")),
    takes_sign_up=yes_no("要不要报名；false 是直接来"),
    sign_up_open=yes_no("这一分钟还收不收报名（满了也收，排候补）"),
    sign_up_until=maybe(moment("报名到什么时候；不用报名是 null")),
    capacity=maybe(whole("名额；不限是 null")),
    places_left=maybe(whole("还剩几个名额；不限、已结束、已取消是 null")),
    **SAMPLE,
)

COURSE = record(
    "一门课或者一支队，一次一次地上",
    id=string("网址代号"),
    name=string("名称"),
    url=address("网页"),
    kind=record("种类", id=string("代号"), name=string("名称")),
    home=maybe_ref("Named", "在哪个家"),
    summary=maybe(string("一句话介绍")),
    description=maybe(string("详细介绍")),
    valid_from=day("第一次课"),
    valid_to=day("最后一次课"),
    next_at=maybe(moment("下一次课什么时候开始；没有了是 null")),
    sessions_to_come=whole("还有几次课"),
    **SAMPLE,
)

PUBLISHED = record(
    "公布过的一个数",
    value=number("数值"),
    at_least=yes_no("true 是“多、余、以上”的约数"),
    published_on=day("公布日期"),
    source=string("来源"),
)
FEW = "true 是人数少于3、不细说，这时 value 是 null"
FIGURE = record(
    "一个数字：公布的，和今天从记录里数出来的",
    key=string("代号"),
    name=string("说明"),
    unit=string("单位"),
    published=ref("Published"),
    earlier=listed("以前公布的，新的在前", ref("Published")),
    counted=maybe_ref("Counted", "今天数的；还没有记录可数是 null"),
    note=maybe(string("今天数的和公布的为什么不一样")),
    by_street=listed(
        "今天每个街道多少；只有老党员之家的数分街道公布",
        record("一个街道", street=ref("Street"), value=number("数值")),
    ),
    by_month=listed(
        "一年来每个月最后一天留下来的数，旧的在前；只有网页上画出来的两个数有",
        record(
            "一个月",
            month=string("年月", pattern=r"^\d{4}-\d\d$"),
            value=maybe(number("数值")),
            few=yes_no(FEW),
        ),
    ),
    by_month_is_sample=yes_no("true 是每个月的数里有为演示推出来的"),
)
COUNTED = record(
    "今天数的",
    value=maybe(number("数值")),
    few=yes_no(FEW),
    meaning=string("怎么数的"),
    page=maybe(address("一条一条列出来的网页；要工作人员登录才看得到的是 null")),
    is_sample=yes_no("true 是数的时候把示例数据也数进去了"),
)

WALKED = {
    "kind": string("network 沿着路网量的，estimate 直线乘系数估算的", enum=["network", "estimate"]),
    "factor": maybe(number("估算的系数；沿路网量的是 null")),
    "label": maybe(string("估算的就写“估算”，拿去显示时请和系数、步速一起显示", enum=["估算"])),
    "source_date": maybe(string("路网数据的日期", format="date-time")),
    "attribution": maybe(string("路网是谁的（OpenStreetMap，ODbL）；用了距离和圈的地方必须写上")),
}
PACE = {
    "pace": string("步速的代号", enum=[pace.key for pace in PACES]),
    "metres_per_second": number("每秒多少米"),
}
PAGED = {
    "total": whole("一共多少条", minimum=0),
    "page": whole("这是第几页", minimum=1),
    "per_page": whole("一页多少条", minimum=1),
    "next": maybe(address("下一页；没有了是 null")),
    "previous": maybe(address("上一页；没有是 null")),
}
LICENCE = {"licence": string("可以怎么用")}
OF_DATUM = {"datum": string("坐标基准", enum=[DATUM])}

POINT = record(
    "GeoJSON 的一个点",
    type=string("GeoJSON", enum=["Point"]),
    coordinates=listed("经度，纬度", {"type": "number"}) | {"minItems": 2, "maxItems": 2},
)
RING = {"type": "array", "minItems": 4, "items": {"type": "array", "items": {"type": "number"}, "minItems": 2}}
POLYGON = {"type": "array", "items": RING}
AREA = record(
    "GeoJSON 的一块地方，或者几块",
    type=string("GeoJSON", enum=["Polygon", "MultiPolygon"]),
    coordinates=listed("一圈一圈的点，每个点经度在前", {"type": "array"}),
) | {
    "oneOf": [
        {"properties": {"type": {"const": kind}, "coordinates": coordinates}}
        for kind, coordinates in (("Polygon", POLYGON), ("MultiPolygon", {"type": "array", "items": POLYGON}))
    ]
}
CIRCLE = record(
    "一个家的服务圈",
    name=string("家的名称"),
    url=address("家的网页"),
    metres=whole("圈到多少米"),
    hectares=maybe(number("面积，公顷")),
    reached=yes_no("false 是门口没有路，画不出圈"),
    computed_at=string("什么时候算的", format="date-time"),
    **WALKED,
    **SAMPLE,
)


def feature(told, geometry, properties):
    return record(
        told,
        type=string("GeoJSON", enum=["Feature"]),
        id=string("家的网址代号"),
        geometry=maybe_ref(geometry, "不知道在哪里、画不出来，就是 null"),
        properties=properties,
    )


SCHEMAS = {
    "Home": HOME,
    "HomeFeature": feature("地图上的一个家", "Point", record("和 Home 里同名的字段一样", **BRIEF)),
    "Nearest": NEAREST,
    "CircleFeature": feature("地图上的一个圈", "Area", CIRCLE),
    "Activity": ACTIVITY,
    "Course": COURSE,
    "Figure": FIGURE,
    "Counted": COUNTED,
    "Published": PUBLISHED,
    "Division": DIVISION,
    "Street": STREET,
    "Address": ADDRESS,
    "Phone": PHONE,
    "Schedule": SCHEDULE,
    "ScheduleException": SCHEDULE_EXCEPTION,
    "Accessibility": ACCESSIBILITY,
    "Facility": FACILITY,
    "Named": NAMED,
    "Point": POINT,
    "Area": AREA,
    "Error": record("出了什么错", error=string("一句话，写给人看的")),
}
