"""The desk's pages of money: a grant from the plan to the last fen, what is refused, and sums that agree everywhere."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from branches.fields import YuanField
from branches.models import AuditEntry
from homes import granting
from homes.models import Grant
from tests.activities.desk import errors, send, typed
from tests.cast import CANARIES
from tests.homes.purse import now
from tests.makers import make_user

DESK = "/desk/grants/"


@pytest.fixture
def other(cast):
    """A second colleague of the district."""
    return make_user("district-2", "district", cast.district, name="区里小李")


def page(grant, tail=""):
    return f"{DESK}{grant.pk}/{tail}"


def offered(client, grant):
    return [label for label, _url, _kind in client.get(page(grant)).context["steps"]]


def test_a_grant_goes_from_the_plan_to_its_settlement(cast, client_of, other):
    planner, checker = client_of(cast.district_officer), client_of(other)
    home = cast.homes["here"]
    given = {"home": home.pk, "year": "2026", "purpose": "添桌椅", "planned": "１２,000.50元"}
    assert "元来写：1.2万就写12,000" in errors(send(planner, f"{DESK}new/", **given | {"planned": "1.2万"}))["planned"]
    assert "电话号码" in errors(send(planner, f"{DESK}new/", **given | {"purpose": "找老王13812345678"}))["purpose"]
    assert send(planner, f"{DESK}new/", **given).status_code == 302
    assert send(planner, f"{DESK}new/", **given).status_code == 409  # pressed twice
    grant = Grant.objects.get()
    assert (grant.planned, grant.planned_by) == (Decimal("12000.50"), cast.district_officer)

    # four eyes, said before the press
    assert "要请另一位同事批准" in planner.get(page(grant)).text
    assert offered(planner, grant) == ["取消"]
    assert send(planner, page(grant, "approve/"), amount="12000").status_code == 409
    assert offered(checker, grant) == ["批准", "取消"]
    old = typed(checker.get(page(grant, "approve/")), amount="12000")
    assert checker.post(page(grant, "approve/"), old).status_code == 302
    stale = checker.post(page(grant, "approve/"), old | {"amount": "11000"})
    assert (stale.status_code, stale.context["form"]["amount"].value()) == (409, "11000")
    assert now(grant).approved == 12000

    assert offered(planner, grant) == ["记一笔拨款", "取消", "更正，退回上一步"]
    refused = send(planner, page(grant, "pay/"), amount="12000.01", voucher="记-1")
    assert "最多还能拨12,000.00元" in refused.text
    for amount, voucher in (("7000", "记-1"), ("1000", "记-2")):
        assert send(planner, page(grant, "pay/"), amount=amount, voucher=voucher).status_code == 302
    first = grant.instalments.get(voucher="记-1")
    back = send(planner, page(grant, f"instalments/{first.pk}/reverse/"), reason="多打了一个0")
    assert back.status_code == 302
    text = planner.get(page(grant)).text
    assert "<s>7,000.00元</s>" in text
    assert "多打了一个0" in text
    assert text.count("记错了，冲销") == 1  # only of what still counts
    assert send(planner, page(grant, f"instalments/{first.pk}/reverse/"), reason="再来").status_code == 409
    assert send(planner, page(grant, "pay/"), amount="700", voucher="记-3").status_code == 302
    assert "请写明为什么不拨了" in send(planner, page(grant, "settle/")).text
    assert send(planner, page(grant, "settle/"), words="够用了").status_code == 302
    grant = now(grant)
    assert (grant.status, grant.paid, grant.instalments.total()) == ("settled", 1700, Decimal(1700))
    assert offered(planner, grant) == ["更正，退回上一步"]
    assert send(planner, page(grant, "pay/"), amount="1", voucher="记-4").status_code == 409


def test_amounts_are_understood_as_people_type_them():
    field = YuanField()
    good = {"120000": "120000", "1,234.5": "1234.50", " ￥１２，３４５．６７ 元 ": "12345.67", "0.01": "0.01"}
    assert {typed: field.clean(typed) for typed in good} == {typed: Decimal(amount) for typed, amount in good.items()}
    huge = ("99999999999", "9" * 30)
    bad = ("", "0", "-5", "1.234", "12,34", "1e5", "一万", "十二万元", "1万", *huge, "1 2 3 元 4", "٣٤", "½")
    refused = {}
    for text in bad:
        with pytest.raises(ValidationError) as refusal:
            field.clean(text)
        refused[text] = refusal.value.messages[0]
    assert refused["1万"] == "请用元来写：1万就写10,000。"
    assert refused["1.234"] == "最多写到分，也就是小数点后两位。"
    assert {refused[each] for each in huge} == {"这个金额太大了，请看看是不是多写了几个0。"}


@pytest.fixture
def money(cast, other):
    """Grants in every area, of two years, each with its area's canary; one of them with a name that Excel would run."""
    for number, (area, home) in enumerate(cast.homes.items(), 1):
        for year in (2025, 2026):
            purpose = f"=1+1{CANARIES[area]}{year}"
            plan = granting.plan(by=other, home=home, year=year, purpose=purpose, planned=Decimal("1000.10") * number)
            grant = granting.approve(plan, by=cast.technician, amount=Decimal("900.07") * number)
            granting.pay(grant, by=other, amount=Decimal("0.03"), voucher=f"{CANARIES[area]}-1")
            wrong = granting.pay(grant, by=other, amount=Decimal("300.01"), voucher=f"{CANARIES[area]}-2")
            granting.reverse(wrong, by=other, reason="记错了")
        plan = granting.plan(by=other, home=home, year=2026, purpose=f"不办了{CANARIES[area]}", planned=Decimal(5))
        granting.cancel(plan, by=other, reason="不办了")


@pytest.mark.both
def test_page_paper_and_workbook_come_to_the_same_sums(cast, client_of, money):
    client, query = client_of(cast.district_officer), "?year=2026"
    context = client.get(DESK + query).context
    total = context["total"]
    assert total == (Decimal("6000.60"), Decimal("5400.42"), Decimal("0.09"), Decimal("5400.33"))
    streets = {group.name: group.sums.approved for group in context["groups"]}
    assert streets == {"东街街道": Decimal("2700.21"), "西街街道": Decimal("2700.21")}
    assert sum(home.sums.paid for street in context["groups"] for home in street.rows) == total.paid
    assert client.get(f"{DESK}paper/{query}").context["total"] == total

    entries = AuditEntry.objects.count()
    answer = client.get(f"{DESK}export/{query}")
    assert AuditEntry.objects.count() == entries + 1
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    heading, *rows, last = book["经费"].iter_rows()
    columns = [cell.value for cell in heading]
    amounts = {name: columns.index(name) for name in ("计划（元）", "批准（元）", "已拨（元）", "还没拨（元）")}
    assert [round(Decimal(last[place].value), 2) for place in amounts.values()] == list(total)
    approved = [row[amounts["批准（元）"]].value for row in rows]
    assert all(isinstance(value, (int, float)) for value in approved if value is not None)
    assert round(sum(Decimal(str(value)) for value in approved if value is not None), 2) == total.approved
    assert {row[4].data_type for row in rows} == {"s"}  # a purpose that begins with = is no formula
    assert {row[amounts["已拨（元）"]].number_format for row in rows} == {"#,##0.00"}
    *paid, sum_paid = book["拨款"].iter_rows(min_row=2, values_only=True)
    assert round(sum(Decimal(str(row[4])) for row in paid), 2) == round(Decimal(sum_paid[4]), 2) == total.paid
    assert len(paid) == 9


def test_everybody_sees_the_money_of_their_own_area(cast, client_of, money):
    seen, taken = {}, {}
    for person, user in cast.people.items():
        client = client_of(user)
        answer, book = client.get(f"{DESK}?year=all"), client.get(f"{DESK}export/?year=all")
        if answer.status_code == 200:
            seen[person] = {area for area, canary in CANARIES.items() if canary + "2025" in answer.text}
        if book.status_code == 200:
            text = str(list(openpyxl.load_workbook(BytesIO(book.getvalue()))["拨款"].values))
            taken[person] = {area for area, canary in CANARIES.items() if canary in text}
    above = {person: cast.areas_of(person) for person in ("street_officer", "district_officer", "technician")}
    assert taken == above
    assert seen == above | {name: cast.areas_of(name) for name in ("officer", "next_door_officer", "elsewhere_officer")}
    # who may only read is offered no step, and finds none
    grant = Grant.objects.get(home=cast.homes["here"], year=2025)
    for person in (cast.street_officer, cast.officer):
        assert offered(client_of(person), grant) == []
        assert client_of(person).get(page(grant, "pay/")).status_code == 403
    assert client_of(cast.next_door_officer).get(page(grant)).status_code == 404


def test_the_list_is_narrowed_by_its_address_and_odd_ones_narrow_nothing(cast, client_of, money):
    client = client_of(cast.district_officer)

    def number(query):
        return client.get(DESK + query).context["number"]

    east, home = cast.streets["east"].code, cast.homes["here"].pk
    found = [
        number(query)
        for query in ("", "?year=2025", "?year=all", f"?street={east}", f"?home={home}", "?status=cancelled")
    ]
    assert found == [6, 3, 9, 4, 3, 3]
    odd = "?year=%00&street='&home=" + "9" * 40 + "&status=x&part=x"
    assert number(odd) == number("")
    assert number("?part=approve") == 0
    with_plan = granting.plan(
        by=cast.technician, home=cast.homes["here"], year=2024, purpose="修门", planned=Decimal(7)
    )
    assert number("?part=approve") == 1
    granting.approve(with_plan, by=cast.district_officer, amount=Decimal(7))
    assert number("?part=idle") == 0
    Grant.objects.filter(pk=with_plan.pk).update(approved_on="2024-01-01")
    assert number("?part=idle") == 1
