"""Passwords: which are taken, who has to change theirs, and what that ends."""

import pytest
from django.test import Client

from branches.models import User
from tests.log_in import BETTER, PASSWORD, PASSWORD_PAGE, log_in, trail
from tests.staff_forms import filled

pytestmark = pytest.mark.django_db


def change(client, old=PASSWORD, new=BETTER, again=None):
    return client.post(PASSWORD_PAGE, {"oldpassword": old, "password1": new, "password2": again or new})


@pytest.mark.parametrize(
    "new", ["short-123", "12345678901234", "password1234", "officer-officer", "金丝雀小陈金丝雀小陈", PASSWORD]
)
def test_a_weak_password_is_refused(cast, client_of, new):
    response = change(client_of(cast.officer), new=new)
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
    assert User.objects.get(pk=cast.officer.pk).check_password(PASSWORD)


@pytest.mark.parametrize("new", [BETTER, "长" * 64, "a1 " * 60, "𠮷野家 的 猫 在 睡觉"])
def test_a_long_password_of_any_kind_is_taken(cast, client_of, new):
    assert change(client_of(cast.officer), new=new).status_code == 302
    assert log_in(Client(), password=new).status_code == 302


def test_who_may_do_everything_needs_a_longer_one(cast, client_of):
    assert "至少要15个" in str(change(client_of(cast.technician), new="hai-dao-2026!").context["form"].errors)
    assert change(client_of(cast.officer), new="hai-dao-2026!").status_code == 302


def test_the_rules_can_be_made_stricter(cast, client_of, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "config.password_rules.Length", "OPTIONS": {"least": 20, "least_for_technicians": 20}},
        {"NAME": "config.password_rules.KindsOfCharacters"},
    ]
    client = client_of(cast.officer)
    assert "至少20个字符" in client.get(PASSWORD_PAGE).content.decode()
    errors = str(change(client, new="qiu-tian-de-yin-xing").context["form"].errors)
    assert "现在只有：小写字母、符号" in errors
    assert change(client, new="qiu-tian-de-yin-xing-1").status_code == 302


def test_changing_it_asks_for_the_old_one_and_ends_other_sessions(cast, client_of):
    here, there = client_of(cast.officer), client_of(cast.officer)
    assert change(here, old="wrong").status_code == 200
    assert there.get("/admin/").status_code == 200
    assert change(here).url == "/admin/"
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert [entry.reason for entry in trail("security")] == ["改了自己的密码"]


def test_a_password_from_somebody_else_has_to_be_changed_first(cast, client_of):
    page = "/admin/branches/user/add/"
    staff = client_of(cast.district_officer)
    data = filled(staff.get(page), username="newcomer", password1=BETTER, password2=BETTER)
    data |= {"postings-TOTAL_FORMS": 1, "postings-0-role": "organiser", "postings-0-since": "2020-01-01"}
    assert staff.post(page, data).status_code == 302
    client = Client()
    log_in(client, "newcomer", BETTER)
    for address in ("/admin/", "/admin/homes/home/", "/account/second-step/"):
        assert client.get(address).url.split("?")[0] == PASSWORD_PAGE
    assert change(client, old=BETTER, new=BETTER).status_code == 200
    assert change(client, old=BETTER, new=f"{BETTER}-mine").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_setting_it_for_somebody_makes_it_due_and_is_noted(cast, client_of):
    address = f"/admin/branches/user/{cast.officer.pk}/password/"
    client_of(cast.district_officer).post(address, {"password1": BETTER, "password2": BETTER})
    assert User.objects.get(pk=cast.officer.pk).must_change_password
    assert [(entry.actor, entry.label, entry.reason) for entry in trail("security")] == [
        ("district", "officer", "由别人重设了密码")
    ]
    own = f"/admin/branches/user/{cast.district_officer.pk}/password/"
    assert client_of(cast.district_officer).get(own).url == PASSWORD_PAGE


def test_a_password_can_be_made_to_run_out(cast, client_of, settings):
    client = client_of(cast.officer)
    User.objects.filter(pk=cast.officer.pk).update(password_set_at="2020-01-01T00:00:00Z")
    assert client.get("/admin/").status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get("/admin/").url.startswith(PASSWORD_PAGE)
    assert change(client).status_code == 302
    assert client.get("/admin/").status_code == 200
