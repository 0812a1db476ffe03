"""Visits by those who come to look: counted by year, told on the home's page, and nobody is named."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from homes.models import ObservationVisit
from tests.activities.desk import errors, send
from tests.staff_forms import errors_of, filled

DESK = "/desk/observations/"
GIVEN = {"guests": "示例区各街道", "secretaries": "30", "others": "4", "shown": "活动室"}


@pytest.mark.both  # it is held while it is changed
def test_a_visit_is_written_down_and_what_they_took_away_later(cast, client_of):
    client, home = client_of(cast.officer), cast.homes["here"]
    given = GIVEN | {"home": home.pk}
    tomorrow = timezone.localdate() + timedelta(days=1)
    wrong = {
        "guests": {"guests": "张书记 13812345678"}, "takeaways": {"takeaways": "找3栋2单元501"},
        "shown": {"shown": "430103194901010017"}, "on": {"on": tomorrow}, "secretaries": {"secretaries": "9999"},
        "home": {"home": cast.homes["next_door"].pk},
    }  # fmt: skip
    for field, changes in wrong.items():
        answer = send(client, f"{DESK}new/", **given | changes)
        assert (field, set(errors(answer))) == (field, {field})
        assert answer.context["form"]["shown"].value() == changes.get("shown", "活动室")  # nothing typed is lost
    assert "不能都是0" in str(errors(send(client, f"{DESK}new/", **given | {"secretaries": "0", "others": "0"})))
    assert send(client, f"{DESK}new/", **given).status_code == 302
    assert send(client, f"{DESK}new/", **given).status_code == 409  # pressed twice
    visit = ObservationVisit.objects.get()
    assert client.get(f"{DESK}?part=takeaways").context["page"].paginator.count == 1
    assert send(client, f"{DESK}{visit.pk}/", takeaways="回去也办一个").status_code == 302
    assert client.get(f"{DESK}?part=takeaways").context["page"].paginator.count == 0
    assert [row.history_user for row in visit.history.all()] == [cast.officer] * 2
    assert client_of(cast.next_door_officer).get(f"{DESK}{visit.pk}/").status_code == 404
    assert '来观摩过的支部书记有<b class="number">30</b>名' in client_of(None).get(home.get_absolute_url()).text


def test_visits_are_summed_by_year_within_ones_area(cast, client_of):
    for area, day, secretaries in (
        ("here", "2025-05-01", 20),
        ("here", "2026-05-01", 30),
        ("elsewhere", "2026-05-02", 7),
    ):
        ObservationVisit.objects.create(
            home=cast.homes[area], on=day, guests="各社区", secretaries=secretaries, others=1, shown="活动室"
        )
    district, street = (client_of(person) for person in (cast.district_officer, cast.street_officer))
    assert district.get(DESK).context["years"] == [(2026, 2, 37, 2), (2025, 1, 20, 1)]
    assert street.get(DESK).context["years"] == [(2026, 1, 30, 1), (2025, 1, 20, 1)]
    narrowed = district.get(f"{DESK}?year=2026&page=%00").context
    assert (narrowed["page"].paginator.count, narrowed["secretaries"]) == (2, 37)
    assert district.get(f"{DESK}?year=%00").context["secretaries"] == 57


def test_the_staff_pages_refuse_a_telephone_too(cast, client_of):
    visit = ObservationVisit(home=cast.homes["here"], on="2026-05-01", secretaries=1, guests="街道", shown="看")
    visit.save()
    client = client_of(cast.officer)
    address = f"/admin/homes/observationvisit/{visit.pk}/change/"
    answer = client.post(address, filled(client.get(address), takeaways="打１３８１２３４５６７８"))
    assert "电话号码" in str(errors_of(answer))
    visit.takeaways = "打138 1234 5678"
    with pytest.raises(ValidationError):
        visit.full_clean()
