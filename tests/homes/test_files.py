"""The directory to take away: what Excel makes of it, and one address for each list."""

import csv
from io import StringIO
from urllib.parse import unquote

from config.content_version import content
from config.spreadsheet import read_rows
from homes.models import Home
from homes.views.files import OFTEN
from tests.makers import make_homes


def table(response):
    """{name of a home: {heading: cell}} of a CSV file."""
    assert response.content.startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    rows = csv.DictReader(StringIO(response.content.decode("utf-8-sig")))
    return {row["名称"]: row for row in rows}


def test_both_files_say_what_the_pages_say_and_calculate_nothing(cast, client, settings, time_machine):
    settings.OPEN_DATA_LICENCE = "写明来源就行"
    here = cast.homes["here"]
    lead = '=HYPERLINK("http://a.cn")'
    Home.objects.filter(slug="here").update(is_sample=True, lead=lead, directions="－1，过桥", step_free=None)
    Home.objects.filter(slug="elsewhere").update(status=Home.Status.SUSPENDED, status_note="屋顶在修")
    here.exceptions.create(first_day="2026-12-01", last_day="2026-12-02", reason="修路")
    here.hours.filter(weekday=0).delete()
    response = client.get("/homes/directory.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "老党员之家名单.csv" in unquote(response.headers["Content-Disposition"])
    rows = table(response)
    assert rows.keys() == {home.name for home in cast.homes.values()}  # no draft
    row = rows[here.name]
    told = [row[name] for name in ("一句话介绍", "怎么走", "示例数据", "进门没有台阶", "星期一", "特殊安排", "网页")]
    assert told == [
        f"'{lead}", "'－1，过桥", "示例数据", "", "不开放", "2026-12-01至2026-12-02 不开放（修路）",
        "http://testserver/homes/here/",
    ]  # fmt: skip
    assert row["星期二"].startswith("09:00-")
    assert rows[cast.homes["elsewhere"].name]["状态"] == "暂停开放：屋顶在修"

    book = client.get("/homes/directory.xlsx")
    heading, *lines = [each.cells for each in read_rows(book.content, max_rows=100)]
    in_book = {line[0]: dict(zip(heading, line, strict=False)) for line in lines}
    assert in_book[here.name]["一句话介绍"] == lead  # a text, as the sheet knows
    assert in_book.keys() == rows.keys()
    time_machine.move_to("2026-11-25T10:25:00+08:00")
    content.renew()
    again = client.get("/homes/directory.xlsx", headers={"If-None-Match": book.headers["ETag"]})
    assert again.status_code == 304
    settings.OPEN_DATA_LICENCE = "不许用"
    content.renew()
    assert client.get("/homes/directory.xlsx", headers={"If-None-Match": book.headers["ETag"]}).status_code == 200


def test_each_list_has_one_address_and_the_directory_leads_to_it(cast, client):
    make_homes(cast.communities["elsewhere"], 2)
    page = client.get("/homes/?street=990100002000&open=1&x=1").content.decode()
    assert 'href="/homes/directory.csv?street=990100002000&amp;open=1" rel="nofollow"' in page
    rows = table(client.get("/homes/directory.csv?street=990100002000&open=1"))
    assert cast.homes["elsewhere"].name in rows
    assert len(rows) == 3
    for asked, address in (
        ("?x=1", "/homes/directory.csv"),
        ("?open=1&street=990100002000", "/homes/directory.csv?street=990100002000&open=1"),
        ("?street=990100002000&street=990100002000", "/homes/directory.csv?street=990100002000"),
        ("?theme=nothing", "/homes/?theme=nothing"),  # which says that there is none
    ):
        response = client.get(f"/homes/directory.csv{asked}")
        assert (response.status_code, response.headers["Location"]) == (302, address)
    for number in range(OFTEN.number - 1):
        client.get(f"/homes/directory.csv?q={number}")
    refused = client.get("/homes/directory.csv?q=once-more")
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert client.get("/homes/directory.csv?street=990100002000&open=1").status_code == 200
