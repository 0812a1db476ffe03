"""The desk's pages of care: nothing typed gets lost or done twice; slips; pairs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from branches.models import AuditEntry, CareVisit, Pairing
from tests.branches.desk_pages import KEY, address


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


# --- visits
def visit(desk, pairing, **sent):
    today = timezone.localdate().isoformat()
    page = desk.get(f"/desk/pairs/{pairing.pk}/visit/").text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    return desk.post(f"/desk/pairs/{pairing.pk}/visit/", {"kind": "visit", "visited_on": today, "key": key} | sent)


def test_a_visit_has_three_fields_and_today_is_filled_in(cast, desk):
    page = desk.get(f"/desk/pairs/{cast.pairings['here'].pk}/visit/").text
    form = page[page.index("<main") : page.index("</main")]
    names = re.findall(r'<(?:input|textarea|select)[^>]*?name="([^"]+)"', form)
    assert set(names) - {"csrfmiddlewaretoken", "key"} == {"kind", "visited_on", "note"}
    assert f'value="{timezone.localdate().isoformat()}"' in form


def test_a_visit_is_logged_and_the_next_one_counts_from_it(cast, desk):
    pairing = cast.pairings["here"]
    assert visit(desk, pairing, note="金丝雀说都好").status_code == 302
    pairing.refresh_from_db()
    assert pairing.next_visit_on == timezone.localdate() + timedelta(days=14)
    logged = CareVisit.objects.filter(pairing=pairing).first()
    assert (logged.note, logged.logged_by, logged.kind) == ("金丝雀说都好", cast.secretary, "visit")
    assert "记好了" in desk.get("/desk/").text


def test_a_double_tap_is_one_visit(cast, desk):
    pairing, before = cast.pairings["here"], CareVisit.objects.count()
    answers = [visit(desk, pairing, key=KEY, note="好").status_code for _ in range(2)]
    assert answers == [302, 302]
    assert CareVisit.objects.count() == before + 1
    changed = visit(desk, pairing, key=KEY, note="别的话")
    assert (changed.status_code, CareVisit.objects.count()) == (409, before + 1)
    assert "别的话" in changed.text


def test_nobody_home_keeps_it_due(cast, desk):
    pairing = cast.pairings["here"]
    visit(desk, pairing, kind="nobody_home")
    assert CareVisit.objects.filter(pairing=pairing, kind="nobody_home").count() == 1
    assert list(Pairing.objects.filter(member=cast.members["here"]).due()) == [pairing]
    assert "过了6天" in desk.get("/desk/").text


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"kind": ""}, 200, "请选一样"),
        ({"kind": "party"}, 200, "请从名单里选"),
        ({"visited_on": "2026-02-30"}, 200, "日历上没有"),
        ({"visited_on": "2090-01-01"}, 409, "今天以后"),
        ({"visited_on": "2001-01-01"}, 409, "最近60天"),
        ({"note": "长" * 501}, 200, "500个字以内"),
        ({"key": "x"}, 200, "请重新打开"),
    ],
)
def test_a_wrong_visit_comes_back_with_all_that_was_typed(cast, desk, wrong, status, said):
    before = CareVisit.objects.count()
    response = visit(desk, cast.pairings["here"], **{"note": "记着这一句"} | wrong)
    assert (response.status_code, CareVisit.objects.count()) == (status, before)
    assert "<title>错误：" in response.text
    summary = response.text[response.text.index('class="govuk-error-summary"') :]
    assert said in summary[: summary.index("</ul>")] or "key" in wrong
    assert wrong.get("note", "记着这一句") in response.text


# --- pairs
def test_a_pair_is_made_and_ended(cast, desk):
    page = address("pair", cast.carers["here"].pk)
    assert "金* · 金丝雀家园 金丝雀3栋 · 199****1101" in desk.get(page).text
    assert desk.post(page, {"carer": cast.members["here"].pk, "every_days": "7"}).status_code == 302
    pairing = Pairing.objects.get(member=cast.carers["here"])
    assert "请写明原因" in desk.post(address("end_pair", pairing.pk), {"reason": ""}).text
    assert desk.post(address("end_pair", pairing.pk), {"reason": "搬远了"}).status_code == 302
    again = desk.post(address("end_pair", pairing.pk), {"reason": "搬远了"})
    assert (again.status_code, "刚刚有人处理过" in again.text) == (409, True)


# --- paper
def test_slips_show_full_names_on_paper_alone_and_each_is_logged(cast, desk):
    asked = desk.get("/desk/slips/")
    assert "金丝雀老人" not in asked.text
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).exists()
    for page in ("/desk/slips/", address("slip", cast.pairings["here"].pk)):
        printed = desk.post(page)
        assert "金丝雀老人" in printed.text
        assert "金丝雀家园3栋401" in printed.text
        assert "金丝雀邻居" not in printed.text
        assert printed.text.count("走访单</h") == 1
        entry = AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).latest("number")
        assert (entry.reason, entry.subject_pk) == ("打印走访单", str(cast.members["here"].pk))
    assert AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).count() == 2
