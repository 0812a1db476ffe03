"""The desk: what it says, to whom, and that nothing typed gets lost or done twice."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches import membership
from branches.models import (
    AuditEntry,
    CareVisit,
    CommunityMembership,
    GroupPlacement,
    Member,
    Pairing,
    PartyGroup,
    Posting,
)
from tests.cast import AREAS, CANARIES, MOBILES, make_member, make_user
from tests.whole_site.addresses import routes

# {name: the model whose row its address names, what reading needs of its area}
PAGES = {
    "member": Member, "full": Member, "year": Member, "visit_member": Member, "pair": Member,
    "visit_pair": Pairing, "rhythm": Pairing, "end_pair": Pairing, "slip": Pairing,
    "confirm": CommunityMembership, "reject": CommunityMembership, "transfer": CommunityMembership,
    "place": CommunityMembership, "end": CommunityMembership,
}  # fmt: skip
LISTS = {"today": "/desk/", "members": "/desk/members/", "slips": "/desk/slips/", "waiting": "/desk/memberships/"}
# who may open what in their own area: v(iew), n(othing)
EDITORS = {"officer", "next_door_officer", "elsewhere_officer", "secretary", "next_door_secretary", "technician"}
READERS = {"street_officer", "district_officer"}
OUTSIDERS = {"organiser", "auditor"}
VIEWED = {"street_officer": {"member"}, "district_officer": {"member", "full", "year", "slip"}}
DISTRICT_STEPS = {"confirm", "reject", "transfer", "place", "end"}
OF_PAIR = ("visit_pair", "rhythm", "end_pair", "slip")
KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"
PEOPLE = sorted(EDITORS | READERS | OUTSIDERS)


def address(name, pk):
    part = {Member: "members", Pairing: "pairs", CommunityMembership: "memberships"}[PAGES[name]]
    tail = {"member": "", "visit_member": "visit/", "visit_pair": "visit/", "end_pair": "end/"}.get(name, f"{name}/")
    return f"/desk/{part}/{pk}/{tail}"


def row_of(cast, name, area):
    if PAGES[name] is Member:
        return cast.members[area].pk
    if PAGES[name] is Pairing:
        return cast.pairings[area].pk
    who = cast.newcomers if name in ("confirm", "reject", "transfer") else cast.members
    return who[area].memberships.get().pk


def may_open(person, name):
    if person in EDITORS:
        return True
    return name in VIEWED.get(person, ()) or (person == "district_officer" and name in DISTRICT_STEPS)


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


# --- whose it is
def test_every_page_of_the_desk_is_tried_here():
    named = {route.name for route in routes() if route.route.startswith("desk/")}
    assert named == set(PAGES) | set(LISTS)


def own_areas(cast, person, name):
    """The areas in which this person may open the page."""
    return cast.areas_of(person) if may_open(person, name) and person not in OUTSIDERS else set()


@pytest.mark.parametrize("person", PEOPLE)
def test_a_page_about_a_row_opens_in_ones_own_area_alone(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    for name in PAGES:
        own = own_areas(cast, person, name)
        for area in AREAS:
            status = client.get(address(name, row_of(cast, name, area))).status_code
            if status not in ((200,) if area in own else (403, 404)):
                wrong[name, area] = status
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_posting_about_a_row_of_another_area_changes_and_tells_nothing(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    today = timezone.localdate().isoformat()
    sent = {
        "kind": "visit", "visited_on": today, "key": KEY, "reason": "试一试可不可以",
        "fields_wanted": ["telephone", "name"], "every_days": "3", "on": today, "end_reason": "moved", "seen": "",
    }  # fmt: skip
    before = everything()
    for name in PAGES:
        for area in set(AREAS) - own_areas(cast, person, name):
            extra = {"group": cast.groups[area].pk, "carer": cast.carers[area].pk}
            response = client.post(address(name, row_of(cast, name, area)), sent | extra)
            told = CANARIES[area] in response.text or MOBILES[area][0] in response.text
            if told or response.status_code not in (403, 404, 405):
                wrong[name, area] = response.status_code
    assert wrong == {}
    assert everything() == before


def everything():
    models = (Member, CommunityMembership, GroupPlacement, Pairing, CareVisit)
    seen = AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).count()
    return [list(model.objects.order_by("pk").values()) for model in models], seen


@pytest.mark.parametrize("person", PEOPLE)
def test_lists_tell_of_ones_own_area_alone(cast, client_of, person):
    client, foreign = client_of(cast.people[person]), set(AREAS) - cast.areas_of(person)
    for page in LISTS.values():
        response = client.get(page)
        assert response.status_code in ((403,) if person in OUTSIDERS else (200, 403))
        told = [CANARIES[area] for area in foreign if CANARIES[area] in response.text]
        if person == "organiser":
            told = []  # their own name and home are of `here`
        assert told == []


def test_a_visitor_is_led_to_the_log_in_page(cast, client, settings):
    addresses = [*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)]
    for page in addresses:
        for response in (client.get(page), client.post(page)):
            assert response.status_code == 302
            assert response["Location"].endswith(f"?next={page}")


def test_no_page_of_the_desk_is_kept_anywhere(cast, desk):
    for page in [*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)]:
        assert {"private", "no-store"} <= set(desk.get(page)["Cache-Control"].replace(" ", "").split(",")), page
    assert "no-store" in desk.get("/desk/members/0/")["Cache-Control"]


def test_who_has_no_business_here_is_told_kindly(cast, client_of):
    response = client_of(cast.auditor).get("/desk/")
    assert response.status_code == 403
    assert "支部书记" in response.text


def test_a_post_that_ends_closes_the_desk_on_the_next_request(cast, desk):
    page = address("member", cast.members["here"].pk)
    assert desk.get(page).status_code == 200
    cast.secretary.postings.update(until="2020-01-02")
    assert desk.get(page).status_code != 200
    assert desk.get("/desk/").status_code != 200


# --- masked
def test_nothing_is_shown_in_full(cast, desk):
    hidden = (*MOBILES["here"], "金丝雀老人", "金丝雀邻居", "金丝雀新来", "3栋401", "金丝雀女儿")
    shown = {}
    for page in (*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)):
        response = desk.get(page)
        assert (page, response.status_code) == (page, 200)
        if told := [text for text in hidden if text in response.text]:
            shown[page] = told
    assert shown == {}


def test_masks_are_shown(cast, desk):
    text = desk.get(address("member", cast.members["here"].pk)).text
    assert "199****1101" in text
    assert "金* · 金丝雀家园 金丝雀3栋" in text
    assert "甲社区" in text


# --- the first page
def test_the_first_page_names_who_is_overdue_and_counts(cast, desk):
    text = desk.get("/desk/").text
    assert "过了6天" in text
    assert f"/desk/pairs/{cast.pairings['here'].pk}/visit/" in text
    assert f"/desk/pairs/{cast.pairings['next_door'].pk}/visit/" not in text
    assert '有<span class="number">1</span>位来报到' in text
    figures = re.findall(r'class="number">(\d+)</span>名', text)
    assert figures == ["2", "1", "1"]


def test_the_longest_overdue_comes_first(cast, desk):
    late = make_member(cast.branches["here"], "金丝雀久等", telephone="19900001177")
    today = timezone.localdate()
    pair = Pairing.objects.create(
        member=late, carer=cast.carers["here"], since=today - timedelta(days=200), next_visit_on=today - timedelta(90)
    )
    text = desk.get("/desk/").text
    assert text.index(f"/desk/pairs/{pair.pk}/") < text.index(f"/desk/pairs/{cast.pairings['here'].pk}/")
    assert "过了3个多月" in text


def test_nothing_to_do_is_said_kindly(cast, desk):
    membership.reject(cast.newcomers["here"].memberships.get(), by=cast.secretary, reason="重复报到")
    Pairing.objects.update(next_visit_on=timezone.localdate() + timedelta(days=3))
    text = desk.get("/desk/").text
    assert "都看望过了" in text
    assert "没有人在等" in text


def test_pages_ask_as_much_for_many_rows_as_for_one(cast, desk):
    asked = {}
    desk.get("/desk/")  # the district is read once a process
    for number in range(25):
        if number in (1, 24):
            for page in ("/desk/", "/desk/members/", "/desk/memberships/"):
                with CaptureQueriesContext(connection) as queries:
                    assert desk.get(page).status_code == 200
                asked.setdefault(page, []).append(len(queries))
        member = make_member(cast.branches["here"], f"金丝雀{number}", group=cast.groups["here"])
        make_member(cast.branches["here"], f"金丝雀等{number}", status="pending", compound=member.compound)
        today = timezone.localdate()
        Pairing.objects.create(member=member, carer=cast.carers["here"], since=today, next_visit_on=today)
    assert {page: found for page, found in asked.items() if len(set(found)) > 1} == {}
    assert max(max(found) for found in asked.values()) <= 10


# --- the list
def test_a_member_is_found_by_name_and_by_telephone(cast, desk):
    link = f'href="/desk/members/{cast.members["here"].pk}/"'
    for asked in ("丝雀老", "19900001101", "199 0000 1101", "+86 199-0000-1101", "１９９００００１１０１"):
        assert link in desk.post("/desk/members/", {"q": asked}).text, asked
    for asked in ("画眉鸟老人", MOBILES["next_door"][0], "1990000110", "", "   ", "\0", "长" * 100):
        assert link not in desk.post("/desk/members/", {"q": asked}).text, asked
    assert str(cast.members["next_door"].pk) not in re.findall(
        r"/desk/members/(\d+)/", desk.post("/desk/members/", {"q": MOBILES["next_door"][0]}).text
    )


def test_the_list_is_narrowed_by_group(cast, desk):
    def shown(question):
        return set(map(int, re.findall(r'href="/desk/members/(\d+)/"', desk.get(f"/desk/members/?{question}").text)))

    member, carer = cast.members["here"].pk, cast.carers["here"].pk
    assert shown("") == {member, carer}
    assert shown("group=none") == {carer}
    assert shown("group=any") == {member}
    assert shown(f"group={cast.groups['here'].pk}") == {member}
    for nonsense in (f"group={cast.groups['next_door'].pk}", "group=%00", "group=x", "branch=999", "page=-1", "page=x"):
        assert shown(nonsense) == {member, carer}


def test_the_list_has_pages_of_thirty(cast, desk):
    for number in range(35):
        make_member(cast.branches["here"], f"金丝雀{number}")
    texts = [desk.get(f"/desk/members/?page={page}").text for page in (1, 2)]
    pages = [re.findall(r'href="/desk/members/(\d+)/"', text) for text in texts]
    assert [len(page) for page in pages] == [30, 7]
    assert set(pages[0]).isdisjoint(pages[1])


# --- reveal
def test_a_telephone_is_shown_once_for_a_reason_that_is_kept(cast, desk):
    member = cast.members["here"]
    page = address("full", member.pk)
    response = desk.post(page, {"fields_wanted": ["telephone"], "reason": "约星期三上门"})
    assert MOBILES["here"][0] in response.text
    assert "金丝雀家园3栋401" not in response.text
    entry = AuditEntry.objects.get(action=AuditEntry.Action.REVEAL)
    assert (entry.actor, entry.subject_pk, entry.reason) == ("secretary", str(member.pk), "约星期三上门")
    assert entry.data == {"fields": ["telephone"]}
    assert MOBILES["here"][0] not in desk.get(page).text
    assert not any(MOBILES["here"][0] in str(value) for value in AuditEntry.objects.values_list().get(pk=entry.pk))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"fields_wanted": ["telephone"], "reason": "看看"}, "至少5个字"),
        ({"fields_wanted": ["telephone"], "reason": "        "}, "为什么"),
        ({"fields_wanted": [], "reason": "约星期三上门"}, "要看什么"),
        ({"fields_wanted": ["care_class"], "reason": "约星期三上门"}, "要看什么"),
        ({"fields_wanted": ["telephone"], "reason": "长" * 301}, "300"),
    ],
)
def test_without_a_reason_nothing_is_shown(cast, desk, sent, said):
    response = desk.post(address("full", cast.members["here"].pk), sent)
    assert said in response.text
    assert "<title>错误：" in response.text
    assert MOBILES["here"][0] not in response.text
    assert sent["reason"].strip() in response.text
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).exists()


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
        ({"visited_on": "2999-01-01"}, 409, "今天以后"),
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


# --- memberships
def test_a_report_is_confirmed_placed_and_ended(cast, desk):
    row, today = cast.newcomers["here"].memberships.get(), timezone.localdate().isoformat()
    assert desk.post(address("confirm", row.pk), {"on": today}).status_code == 302
    sent = {"group": cast.groups["here"].pk, "on": today, "seen": ""}
    assert desk.post(address("place", row.pk), sent).status_code == 302
    assert row.placements.get().group == cast.groups["here"]
    sent = {"end_reason": "moved", "on": today, "reason": ""}
    assert desk.post(address("end", row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert row.status == "ended"
    assert desk.get(address("member", cast.newcomers["here"].pk)).status_code == 404


def test_a_report_is_rejected_with_a_reason(cast, desk):
    row = cast.newcomers["here"].memberships.get()
    assert "请写明原因" in desk.post(address("reject", row.pk), {"reason": " "}).text
    assert desk.post(address("reject", row.pk), {"reason": "重复报到"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "rejected"


def test_who_is_active_elsewhere_is_transferred_and_not_confirmed(cast, desk):
    moving = cast.members["next_door"]
    row = CommunityMembership.objects.create(member=moving, branch=cast.branches["here"], home_unit="示例厂")
    text = desk.get("/desk/memberships/").text
    assert f"/desk/memberships/{row.pk}/transfer/" in text
    assert f"/desk/memberships/{row.pk}/confirm/" not in text
    today = timezone.localdate().isoformat()
    assert desk.post(address("confirm", row.pk), {"on": today}).status_code == 409
    assert desk.post(address("transfer", row.pk), {"on": today}).status_code == 302
    assert list(moving.memberships.active()) == [row]


def test_a_report_that_waits_opens_no_notes_of_another_branch_and_no_care(cast, desk):
    """Somebody active next door who reported here: to be taken in or not, and nothing more yet."""
    member, pairing = cast.members["next_door"], cast.pairings["next_door"]
    CommunityMembership.objects.create(member=member, branch=cast.branches["here"], home_unit="示例厂")
    page = desk.get(address("member", member.pk))
    assert page.status_code == 200
    assert "还没有记过走访" in page.text
    assert "画眉鸟说家里都好" not in page.text
    before = everything()
    for name, pk in (("visit_member", member.pk), ("pair", member.pk), *((name, pairing.pk) for name in OF_PAIR)):
        for answer in (desk.get(address(name, pk)), desk.post(address(name, pk), {"kind": "visit", "key": KEY})):
            assert (name, answer.status_code) == (name, 404)
    assert "上门看望" not in desk.get(address("year", member.pk)).text
    assert everything() == before


@pytest.mark.parametrize("name", ["confirm", "reject", "transfer"])
def test_a_stale_page_answers_politely(cast, client_of, desk, name):
    row = cast.newcomers["here"].memberships.get()
    membership.confirm(row, by=cast.officer)
    before = everything()
    sent = {"on": timezone.localdate().isoformat(), "reason": "来晚了一步"}
    for response in (desk.get(address(name, row.pk)), desk.post(address(name, row.pk), sent)):
        assert "刚刚有人处理过" in response.text
        assert "在册" in response.text
    assert everything() == before


def test_a_group_chosen_meanwhile_by_somebody_else_is_not_written_over(cast, desk):
    row = cast.carers["here"].memberships.get()
    other = PartyGroup.objects.create(name="金丝雀片区组", branch=cast.branches["here"])
    membership.place(row, other, by=cast.officer)
    sent = {"group": cast.groups["here"].pk, "on": timezone.localdate().isoformat(), "seen": ""}
    response = desk.post(address("place", row.pk), sent)
    assert response.status_code == 409
    assert "刚刚有人处理过：现在在金丝雀片区组" in response.text
    assert row.placements.get().group == other
    seen = re.search(r'name="seen" value="([^"]*)"', response.text)[1]
    assert desk.post(address("place", row.pk), sent | {"seen": seen}).status_code == 302
    assert row.placements.get().group == cast.groups["here"]


def test_a_rhythm_changed_meanwhile_is_not_written_over(cast, desk):
    pairing = cast.pairings["here"]
    response = desk.post(address("rhythm", pairing.pk), {"every_days": "7", "seen": "30"})
    assert response.status_code == 409
    assert "每14天" in response.text
    assert desk.post(address("rhythm", pairing.pk), {"every_days": "7", "seen": "14"}).status_code == 302
    pairing.refresh_from_db()
    assert pairing.every_days == 7


# --- forged choices
def test_forged_groups_households_and_carers_are_refused(cast, desk):
    today, before = timezone.localdate().isoformat(), everything()
    mine = cast.members["here"]
    row = mine.memberships.get()
    seen = str(row.placements.get().pk)
    foreign_household = cast.groups["next_door"].households.get()
    ended = make_member(cast.branches["here"], "金丝雀走了")
    membership.end(ended.memberships.get(), by=cast.officer, end_reason="moved")
    before = everything()
    for page, sent in (
        (address("place", row.pk), {"group": cast.groups["next_door"].pk, "on": today, "seen": seen}),
        (address("place", row.pk), {"group": cast.groups["here"].pk, "household": foreign_household.pk, "on": today,
                                    "seen": seen}),
        (address("pair", mine.pk), {"carer": cast.carers["next_door"].pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": cast.newcomers["here"].pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": ended.pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": mine.pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": "x", "every_days": "14"}),
    ):  # fmt: skip
        response = desk.post(page, sent)
        assert response.status_code == 200
        assert "请从名单里选" in response.text
        assert CANARIES["next_door"] not in response.text
    assert everything() == before


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


def test_the_year_tells_what_happened_and_counts_nothing(cast, desk, time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")
    member = cast.members["here"]
    CareVisit.objects.all().delete()
    for day, kind in (("2026-01-15", "visit"), ("2026-01-20", "study"), ("2025-12-31", "call")):
        CareVisit.objects.create(member=member, visited_on=day, kind=kind)
    text = desk.get(address("year", member.pk)).text
    assert "15日 上门看望；20日 送学上门" in text
    assert "打电话" not in text
    assert "12月" not in text
    assert "31日 打电话" in desk.get(address("year", member.pk) + "?year=2025").text
    for nonsense in ("x", "", "99999", "-1", "１９９９", "%00", "0000"):
        assert desk.get(address("year", member.pk) + f"?year={nonsense}").status_code == 200


def test_a_secretary_of_two_branches_chooses(cast, client_of):
    two = make_user("two", "secretary", cast.branches["here"])
    Posting.objects.create(user=two, role="secretary", branch=cast.branches["elsewhere"], since="2020-01-01")
    client = client_of(two)
    assert "金丝雀银龄支部" in client.get("/desk/members/").text
    only = client.get(f"/desk/members/?branch={cast.branches['elsewhere'].pk}").text
    assert f'href="/desk/members/{cast.members["elsewhere"].pk}/"' in only
    assert f'href="/desk/members/{cast.members["here"].pk}/"' not in only
