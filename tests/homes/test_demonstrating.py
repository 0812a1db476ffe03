"""Demonstration sites: what may be done from which state, what the day alone says, the desk's pages."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils import timezone

from branches.models import Event
from branches.transitions import IllegalTransition
from homes import demonstrating, founding
from homes.models import Demonstration
from tests.activities.desk import errors, send
from tests.at_once import together
from tests.homes.purse import make_purse
from tests.makers import call_off, make_user

Status = Demonstration.Status
DESK = "/desk/demonstrations/"
LONG_AGO = date(2022, 6, 30)


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def in_state(state, purse):
    """A recognition in this state."""
    if state == Status.EXPIRED:
        past = {"on": LONG_AGO, "valid_until": date(2024, 6, 30), "source": "〔2022〕5号文件"}
        return demonstrating.record(purse.home, by=purse.planner, **past)
    found = demonstrating.nominate(purse.home, by=purse.planner, why="办得热闹")
    match state:
        case Status.DECLINED:
            found = demonstrating.decline(found, by=purse.approver, reason="再办一年看看")
        case Status.GRANTED | Status.REVOKED:
            found = demonstrating.grant(found, by=purse.approver, valid_until=today(365))
    return demonstrating.revoke(found, by=purse.approver, reason="不办了") if state == Status.REVOKED else found


@pytest.mark.django_db
def test_every_step_is_taken_from_its_states_and_from_no_others():
    purse, happened = make_purse(), {}
    verbs = {
        "grant": lambda found: demonstrating.grant(found, by=purse.approver, valid_until=today()),
        "decline": lambda found: demonstrating.decline(found, by=purse.approver, reason="不够热闹"),
        "revoke": lambda found: demonstrating.revoke(found, by=purse.approver, reason="不办了"),
        "amend": lambda found: demonstrating.amend(found, by=purse.approver, reason="日子抄错了", on=LONG_AGO),
        "correct": lambda found: demonstrating.correct(found, by=purse.approver, reason="刚才点错了"),
    }
    assert verbs.keys() | {"nominate", "record", "expire"} == demonstrating.TRANSITIONS.keys()
    for state in Status:
        happened[state] = {}
        for event, verb in verbs.items():
            with transaction.atomic():
                found = in_state(state, purse)
                assert found.status == state
                before = Event.objects.count()
                try:
                    verb(found)
                except IllegalTransition:
                    assert Event.objects.count() == before
                else:
                    happened[state][event] = Demonstration.objects.get(pk=found.pk).status
                    assert Event.objects.count() == before + 1
                transaction.set_rollback(True)
    assert happened == {
        Status.NOMINATED: {"grant": Status.GRANTED, "decline": Status.DECLINED},
        Status.DECLINED: {"correct": Status.NOMINATED},
        Status.GRANTED: {"revoke": Status.REVOKED, "amend": Status.GRANTED, "correct": Status.NOMINATED},
        Status.EXPIRED: {"amend": Status.GRANTED},  # it was recorded: nothing came before
        Status.REVOKED: {"correct": Status.GRANTED},
    }


def refusal(step, *args, **named):
    with pytest.raises(IllegalTransition) as refused, transaction.atomic():
        step(*args, **named)
    return str(refused.value)


@pytest.mark.django_db
def test_a_term_is_renewed_while_it_runs_out_and_the_past_is_recorded_once():
    purse = make_purse()
    home, nominate = purse.home, {"by": purse.planner, "why": "还办得热闹"}
    record = {"by": purse.planner, "source": "〔2022〕5号文件"}
    proposed = demonstrating.nominate(home, **nominate)
    assert "在提名的那一条上办" in refusal(demonstrating.record, home, **record, on=today())  # by who proposed it
    demonstrating.record(home, **record, on=LONG_AGO, valid_until=today(91))
    demonstrating.decline(proposed, by=purse.approver, reason="补录好了")
    assert "到期前90天以内再提名" in refusal(demonstrating.nominate, home, **nominate)
    assert "已经是示范阵地" in refusal(demonstrating.record, home, **record, on=date(2023, 1, 1))
    assert "今天以后" in refusal(demonstrating.record, home, **record, on=today(1))
    assert "哪个文件" in refusal(demonstrating.record, home, **record | {"source": " "}, on=date(2020, 1, 1))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        renewed = demonstrating.nominate(home, **nominate)
        assert "已经提名了" in refusal(demonstrating.nominate, home, **nominate)
        assert "自己提名的" in refusal(demonstrating.grant, renewed, by=purse.planner)
        assert "早于提名" in refusal(demonstrating.grant, renewed, by=purse.approver, on=LONG_AGO)
        assert "今天以前" in refusal(demonstrating.grant, renewed, by=purse.approver, valid_until=today(-1))
        demonstrating.grant(renewed, by=purse.approver)
        assert "没有期限" in refusal(demonstrating.nominate, home, **nominate)
    for nothing_granted in ({"revoked_on": today(), "reason": "不办了"}, {"declined_on": today(), "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():  # whoever writes it
            Demonstration.objects.create(home=home, nominated_on=today(), **nothing_granted)
    founding.suspend(home, by=purse.planner, reason="换空调")
    assert "开放的家" in refusal(demonstrating.nominate, home, **nominate)


@pytest.mark.django_db(transaction=True)
def test_two_who_nominate_one_home_at_once_nominate_it_once():
    purse = make_purse()
    people = (purse.planner, purse.approver, purse.third)
    said = together(*(lambda by=by: demonstrating.nominate(purse.home, by=by, why="热闹") for by in people))
    assert sum(isinstance(answer, Demonstration) for answer in said) == 1
    assert {answer for answer in said if isinstance(answer, str)} == {"这个家已经提名了，等区里定。"}


def test_from_the_nomination_to_the_mark_on_the_page_and_to_its_end(cast, client_of):
    street, district = client_of(cast.street_officer), client_of(cast.district_officer)
    other = client_of(make_user("district-2", "district", cast.district, name="区里小李"))
    home = cast.homes["here"]

    def marked(days=0):
        caches["pages"].clear()
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            return "区级示范阵地" in client_of(None).get(home.get_absolute_url()).text

    why = {"home": home.pk, "why": "天天有活动"}
    assert (
        "请从名单里选" in errors(send(street, f"{DESK}nominate/", **why | {"home": cast.homes["elsewhere"].pk}))["home"]
    )
    assert "电话号码" in errors(send(street, f"{DESK}nominate/", **why | {"why": "找13812345678"}))["why"]
    assert send(street, f"{DESK}nominate/", **why).status_code == 302
    found = Demonstration.objects.get()
    page = f"{DESK}{found.pk}/"
    assert not marked()
    assert street.get(page).context["steps"] == []
    assert street.get(f"{page}grant/").status_code == 403  # nominating is all a street may
    assert street.get(f"{DESK}record/").status_code == 403
    assert client_of(cast.officer).get(page).status_code == 200
    assert client_of(cast.elsewhere_officer).get(page).status_code == 404

    old = {"on": today(), "valid_until": today(30), "seen": "nominated None None"}
    assert send(district, f"{page}grant/", valid_until=today(30)).status_code == 302
    assert other.post(f"{page}grant/", old).status_code == 409
    assert [marked(days) for days in (0, 30, 31)] == [True, True, False]
    assert district.get(f"{DESK}?part=ending").context["page"].paginator.count == 1
    assert "请写明原因" in errors(send(district, f"{page}revoke/"))["reason"]
    assert send(district, f"{page}revoke/", reason="不再开门").status_code == 302
    assert not marked()
    assert "不再开门" in district.get(page).text
    assert send(district, f"{page}correct/", reason="点错了一下").status_code == 302
    assert marked()


def test_the_thirteen_of_2022_can_be_entered_at_the_desk(cast, client_of):
    client = client_of(cast.district_officer)
    call_off(cast.homes["elsewhere"], by=cast.technician)
    founding.archive(cast.homes["elsewhere"], by=cast.technician, reason="搬走了")
    for home in cast.homes.values():
        answer = send(client, f"{DESK}record/", home=home.pk, on="2022-12-20", source="〔2022〕5号文件")
        assert answer.status_code == 302
    assert send(client, f"{DESK}record/", home=cast.homes["here"].pk, on="2022-12-20", source="5号").status_code == 409
    assert Demonstration.objects.filter(granted_on__year=2022).count() == 3
    assert "〔2022〕5号文件" in client.get(f"{DESK}{Demonstration.objects.first().pk}/").text
