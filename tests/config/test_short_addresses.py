"""The short addresses on paper lead on, and say in words what is not there any more."""

from django.test import RequestFactory

from activities.models import Activity
from config.site import on_paper


def test_paper_leads_to_what_is_public_and_to_nothing_else(cast, client, settings):
    settings.SITE_ADDRESS = "https://jinqiu.example.cn"
    home, activity, course = cast.homes["here"], cast.activities["here"], cast.courses["here"]
    assert on_paper(RequestFactory().get("/"), home) == f"https://jinqiu.example.cn/h/{home.pk}"
    for row in (home, activity, course):
        for address in (row.short_address, f"{row.short_address}/"):
            response = client.get(address)
            assert (response.status_code, response["Location"]) == (302, row.get_absolute_url())
    Activity.objects.filter(course=course).update(status="draft")
    for address, words in (
        (cast.drafts["here"].short_address, "这个家看不到了"),
        (cast.draft_activities["here"].short_address, "这个活动看不到了"),
        (course.short_address, "这门课看不到了"),
        (f"/a/{'9' * 18}", "这个活动看不到了"),
    ):
        response = client.get(address)
        assert (response.status_code, words in response.content.decode()) == (404, True), address
    assert client.get(f"/a/{'9' * 19}").status_code == 404
