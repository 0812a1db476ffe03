"""The figures by street and by month: counted, kept, published, explained; on the desk, on paper and in Excel."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from branches import figures as verbs
from branches.models import AuditEntry, Event, FigureNote, FigureSnapshot, PublishedFigure
from branches.transitions import IllegalTransition
from config import charts
from config.content_version import content
from config.figures import COUNTS, counted, every_figure
from homes.models import Demonstration, Grant, Instalment, ObservationVisit
from volunteers.models import Volunteer

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
EAST, WEST = "990100001000", "990100002000"


@pytest.fixture
def records(cast):
    """Besides the cast's: money to the fen, secretaries who looked on, something once published about both."""
    for area, amounts in (("here", ("100000.10", "0.20")), ("elsewhere", ("2.50",))):
        home = cast.homes[area]
        grant = Grant.objects.create(
            home=home, year=2026, purpose="桌椅", planned=200000, approved=200000, status="approved"
        )
        for number, amount in enumerate(amounts):
            Instalment.objects.create(grant=grant, amount=Decimal(amount), paid_on="2026-05-04", voucher=str(number))
    for home, secretaries in ((cast.homes["here"], 40), (cast.homes["elsewhere"], 2)):
        ObservationVisit.objects.create(
            home=home, on="2026-10-02", guests="某区", secretaries=secretaries, shown="食堂"
        )
    for order, (key, value, at_least) in enumerate(
        [("homes_in_use", 29, False), ("observing_secretaries", 150, True), ("funding_allocated", 2_120_000, False)]
    ):
        PublishedFigure.objects.create(
            key=key, label=f"{key}的说明", value=value, unit="个", at_least=at_least, order=order,
            published_on=date(2023, 4, 21), source="某报",
        )  # fmt: skip
    return cast


def streets(key):
    found = counted([key])[key].streets
    return {code: found[code] for code in sorted(found) if found[code]}


def test_every_figure_is_counted_by_street(records):
    Demonstration.objects.create(home=records.homes["here"], granted_on="2022-10-01")
    assert streets("homes_in_use") == {EAST: 2, WEST: 1}
    assert streets("demonstration_homes_2022") == {EAST: 1}
    assert streets("funding_allocated") == {EAST: Decimal("100000.30"), WEST: Decimal("2.50")}
    assert streets("observing_secretaries") == {EAST: 40, WEST: 2}
    assert streets("members_received") == {"": 3, EAST: 4, WEST: 2}  # those who wait to be taken in have no branch yet
    assert streets("volunteer_teams") == {EAST: 2, WEST: 1}
    assert sum(streets("volunteer_backbone").values()) == Volunteer.objects.active().count() == 3
    assert counted(COUNTS)["circle_minutes"].total == 15
    assert streets("applications") == {EAST: 2, WEST: 1}


def test_a_day_is_kept_once_and_stays(records):
    with time_machine.travel(NOON, tick=False) as clock:
        call_command("keep_figures", verbosity=0)
        kept = FigureSnapshot.objects.count()
        money = FigureSnapshot.objects.get(key="funding_allocated", division=None)
        assert money.value == Decimal("100002.80")
        ObservationVisit.objects.update(secretaries=9)
        call_command("keep_figures", verbosity=0)
        assert FigureSnapshot.objects.count() == kept
        assert FigureSnapshot.objects.get(key="observing_secretaries", division__code=EAST).value == 40
        clock.move_to(datetime(2026, 11, 21, 4, tzinfo=UTC))
        call_command("keep_figures", verbosity=0)
    assert FigureSnapshot.objects.count() == 2 * kept
    ends = FigureSnapshot.objects.of_months(date(2026, 1, 1), date(2026, 12, 31))
    assert set(ends.values_list("taken_on", flat=True)) == {date(2026, 11, 21)}
    for change in (money.save, money.delete):
        with pytest.raises(TypeError):
            change()


def test_what_is_published_is_what_was_shown_and_the_old_stays(records, client_of, client):
    address, district = "/desk/figures/publish/", client_of(records.district_officer)
    ObservationVisit.objects.filter(secretaries=40).delete()  # two are left: too few to be said
    assert client_of(records.street_officer).get(address).status_code == 403
    seen = district.get(address).context["form"].now
    Instalment.objects.filter(amount="2.50").delete()
    refused = district.post(address, {"seen": seen})
    assert refused.status_code == 409
    assert "刚刚有人处理过" in refused.text
    assert not PublishedFigure.objects.filter(published_on=timezone.localdate()).exists()
    assert "公布了" in district.post(address, {"seen": refused.context["form"].now}, follow=True).text
    new = {row.key: row for row in PublishedFigure.objects.filter(published_on=timezone.localdate())}
    assert "observing_secretaries" not in new
    assert (new["funding_allocated"].value, new["funding_allocated"].source) == (Decimal("100000.30"), "望岳区")
    assert Event.objects.filter(event="publish", subject="branches.publishedfigure").count() == len(new)
    again = district.post(address, {"seen": district.get(address).context["form"].now})
    assert again.status_code == 409
    assert "今天已经公布过" in again.text
    content.renew()
    page = client.get("/figures/").text
    told = page[page.index("funding_allocated的说明") :]
    assert told.index("100,000.30") < told.index("以前公布的") < told.index("2,120,000")


def test_a_difference_is_explained_and_the_newest_words_are_shown(records, client_of, client):
    address, district = "/desk/figures/homes_in_use/note/", client_of(records.district_officer)
    assert client_of(records.officer).post(address, {"words": "不该写的"}).status_code == 403
    assert district.get("/desk/figures/nothing/note/").status_code == 404
    assert "比公布的少了26个" in client.get("/figures/").text
    for words, refusal in ((" ", "请写为什么不一样"), ("问13812345678", "电话号码"), ("3栋501家不办了", "住户门牌")):
        assert refusal in district.post(address, {"words": words}).text
    for words in ("有两个家合成了一个", "又有一个家在装修"):
        assert district.post(address, {"words": words}).status_code == 302
    content.renew()
    page = client.get("/figures/").text
    assert "又有一个家在装修" in page
    assert "合成了一个" not in page
    assert FigureNote.objects.count() == 2
    with pytest.raises(IllegalTransition):
        verbs.explain("homes_in_use", "  ", by=records.district_officer)
    FigureNote.objects.update(written_on="2020-01-01")  # about what was published before
    assert not any(line.note for line in every_figure())


def test_the_desk_shows_each_reader_their_own_streets(records, client_of):
    shown = {
        name: [street.code for street in response.context["table"].streets] if response.status_code == 200 else None
        for name, user in records.people.items()
        if (response := client_of(user).get("/desk/figures/"))
    }
    nobody, both = dict.fromkeys(("visitor", "organiser", "auditor")), [EAST, WEST]
    of_east = ("officer", "next_door_officer", "street_officer", "secretary", "next_door_secretary")
    assert {name: shown.pop(name) for name in of_east} == {name: [EAST] for name in of_east}
    assert shown == nobody | {"elsewhere_officer": [WEST], "district_officer": both, "technician": both}

    street = client_of(records.street_officer)
    table = street.get(f"/desk/figures/?where={WEST}&figure=observing_secretaries").context["table"]
    assert table.street is None  # not theirs: the district's own numbers are public
    assert [bar.words for bar in table.shown.bars.bars] == ["40"]
    district = client_of(records.district_officer)
    page = district.get("/desk/figures/?figure=observing_secretaries")
    assert [bar.words for bar in page.context["table"].shown.bars.bars] == ["40", "少于3"]
    links = {bar.label: bar.url for bar in district.get("/desk/figures/").context["table"].shown.bars.bars}
    assert links == {"东街街道": f"/streets/{EAST}/", "西街街道": f"/streets/{WEST}/"}
    west = district.get(f"/desk/figures/?where={WEST}").context["table"]
    numbers = {section.figure.key: section.words for section in west.sections}
    assert (numbers["funding_allocated"], numbers["observing_secretaries"]) == ("2.50", "少于3")
    assert {line.key for line in west.elsewhere} == {"enterprises_received", "circle_minutes"}


def test_the_workbook_holds_what_the_page_shows_as_text(records, client_of):
    PublishedFigure.objects.filter(key="homes_in_use").update(label="=1+1")
    with time_machine.travel(NOON, tick=False):
        call_command("keep_figures", verbosity=0)
        response = client_of(records.district_officer).get("/desk/figures/export/")
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(response.content)).active.iter_rows()]
    told = {(row[0], row[1]): row for row in cells[1:]}
    assert cells[0][-1] == "2026年11月"
    assert told["=1+1", "全区"][3:7] == ["3", "29", "2023-04-21", "某报"]
    assert (
        told["funding_allocated的说明", "东街街道"][3]
        == told["funding_allocated的说明", "东街街道"][-1]
        == "100,000.30"
    )
    assert told["observing_secretaries的说明", "西街街道"][3] == "少于3"
    kinds = {cell.data_type for row in load_workbook(BytesIO(response.content)).active.iter_rows() for cell in row}
    assert "f" not in kinds
    assert AuditEntry.objects.get(action="export").actor == records.district_officer.username


def test_the_sheet_tells_of_a_month_and_of_the_one_before(records, client_of):
    street = client_of(records.street_officer)
    for day, secretaries in ((datetime(2026, 10, 30, 4, tzinfo=UTC), 38), (NOON, 41)):
        ObservationVisit.objects.filter(home=records.homes["here"]).update(secretaries=secretaries)
        with time_machine.travel(day, tick=False):
            call_command("keep_figures", verbosity=0)
    with time_machine.travel(NOON, tick=False):
        sheet = street.get("/desk/figures/sheet/?month=2026-11").context["sheet"]
        line = next(each for each in sheet.lines if each.label == "观摩的支部书记")
        assert (line.now, line.before, line.change, line.published.value) == ("43", "40", "+3", 150)
        assert [name for half in sheet.halves for name, _numbers in half] == ["东街街道"]
        for asked in ("2026-13", "", "2031-01"):
            assert street.get(f"/desk/figures/sheet/?month={asked}").context["sheet"].month.first == date(2026, 11, 1)
        assert "没有留下数字" in street.get("/desk/figures/sheet/?month=2020-01").text


def test_the_desk_asks_little(records, client_of, django_assert_max_num_queries):
    call_command("keep_figures", verbosity=0)
    district = client_of(records.district_officer)
    with django_assert_max_num_queries(12):
        district.get("/desk/figures/")


def test_bars_are_as_long_as_their_numbers():
    chart = charts.bars([("甲", 4, "4"), ("乙", 2, "2", "/乙/"), ("丙", None, "少于3"), ("长" * 12, 0, "0")])
    assert [bar.length for bar in chart.bars] == [charts.LONGEST, charts.LONGEST / 2, 0, 0]
    assert [bar.url for bar in chart.bars] == ["", "/乙/", "", ""]
    assert len(chart.bars[3].short) == charts.LABEL_MOST < len(chart.bars[3].label)
    assert "最多的是甲，4" in chart.described


def test_a_line_has_a_gap_where_nothing_is_known():
    values = [10, 20, None, 15, None, None]
    chart = charts.line([(f"{n}月", f"{n}月", value, str(value), "") for n, value in enumerate(values)])
    assert [trace for trace, _ground in chart.lines] == ["8.33,50.0 25.0,0.0", "58.33,25.0"]
    assert [point.words for point in chart.points if point.is_told] == ["10", "15"]
    assert len(chart.rows) == 6
    assert charts.line([]).lines == charts.line([("1月", "1月", None, "", "")]).lines == []
