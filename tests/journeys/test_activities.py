"""Stories from beginning to end: put on, full, moved up, attended, told of afterwards; and called off.

It is a Sunday morning at first, for the portal and for those who read it.
"""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from PIL import Image

from activities import signup
from activities.models import Activity, Message
from tests.cast import BOOKED
from tests.stage import SUNDAY

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine")
SHEET = re.compile(rb"/Type\s*/Page[^s]")
WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.both)], ids=["scripts", "no scripts"]
)


@pytest.fixture(autouse=True)
def clock():
    """`clock.move_to(moment)`: what the portal takes for now, running on from a Sunday morning."""
    with time_machine.travel(SUNDAY) as clock:
        yield clock


def picture():
    buffer = BytesIO()
    Image.new("RGB", (1200, 900), "#c96").save(buffer, "JPEG")
    return {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@WITH_AND_WITHOUT_SCRIPTS
def test_from_posting_to_the_recap(cast, phone, log_in, clock, axe, scripts):
    desk = phone(scripts)

    # An organiser puts it on: what is usual is filled in, only the name and the seats are typed.
    log_in(desk.page, desk.site, "organiser", to="/desk/activities/")
    desk.follow("发一个活动").follow("座谈")
    usual = {name: desk.page.input_value(f"main [name={name}]") for name in ("day", "begins", "home")}
    assert usual == {"day": "2026-11-25", "begins": "10:00", "home": str(cast.homes["here"].pk)}
    desk.fill(title="金丝雀茶话会", capacity="2").press("先存成草稿")
    activity = Activity.objects.get(title="金丝雀茶话会")
    desk.follow("先预览")
    assert "这是预览，居民还看不到" in desk.text
    resident = phone(scripts)
    resident.open(activity.get_absolute_url())
    assert "没有找到" in resident.page.title()
    desk.follow("发布").press("发布")
    assert "居民现在看得到" in desk.text

    # Two take the two seats, the third waits.
    codes, phones = {}, {}
    for name, telephone in (("示例爷爷", "19900007001"), ("示例奶奶", "19900007002"), ("示例邻居", "19900007003")):
        phones[name] = phone(scripts).open("/activities/").go_to(activity.get_absolute_url())
        phones[name].follow("排队候补" if name == "示例邻居" else "我要报名")
        phones[name].fill(name=name, telephone=telephone, consent=True).press("报名")
        codes[name] = phones[name].page.locator(".code").inner_text().replace(" ", "")
    assert [each.heading for each in phones.values()] == ["报上了", "报上了", "先排上候补了"]
    assert "候补，排在最前面" in phones["示例邻居"].text
    resident.open(activity.get_absolute_url())
    assert "已满，可候补" in resident.text

    # The first takes it back on another phone: looked up by the code, asked, done.
    resident.open("/lookup/").fill(code=codes["示例爷爷"], last_four="7001").press("查一查")
    resident.follow("不去了", exact=False)
    assert resident.heading == "示例爷爷不参加了吗？"
    assert phones["示例邻居"].open(phones["示例邻居"].path).heading == "先排上候补了"  # asking gives nothing away
    resident.press("是的，不去了")
    assert resident.heading == "都取消了"
    assert phones["示例邻居"].open(phones["示例邻居"].path).heading == "报上了"

    # Whoever moved up is to be rung up, once.
    desk.open("/desk/activities/").follow("要打的电话")
    assert "1个电话" in desk.text
    desk.follow("金丝雀茶话会")
    calls = desk.page.locator(".call-row")
    assert calls.count() == 1
    assert "示例邻居" in calls.inner_text()
    assert calls.inner_text().count("有位子了，已经给您报上") == 1
    calls.get_by_role("checkbox").check()
    desk.press("存下来")
    assert "这个活动没有要打的电话了" in desk.text

    # On the day, at the door: one is there, one is not, one came along.
    clock.move_to(activity.starts_at + timedelta(minutes=10))
    desk.open(f"/desk/activities/{activity.pk}/people/")
    assert desk.path.startswith("/account/login/")  # three days later the session is over
    log_in(desk.page, desk.site, "organiser", to=f"/desk/activities/{activity.pk}/people/")
    assert "示例爷爷" not in desk.text
    desk.page.get_by_label("示例奶奶").check()
    desk.page.get_by_label("没打勾的，都记作没来").check()
    desk.press("存下来")
    assert "存好了，改了2位" in desk.text
    desk.fill(name="示例路人").press("记下")
    assert "记下了：示例路人，临时来的" in desk.text
    assert "到了2位" in desk.text
    assert dict(activity.sign_ups.values_list("name", "status")) == {
        "示例爷爷": "cancelled", "示例奶奶": "attended", "示例邻居": "absent", "示例路人": "attended",
    }  # fmt: skip
    if scripts:
        assert axe(desk.page) == []

    # It is over, and is told of.
    clock.move_to(activity.ends_at + timedelta(minutes=5))
    call_command("tell")
    log_in(desk.page, desk.site, "organiser", to=f"/desk/activities/{activity.pk}/")
    desk.follow("写回顾")
    assert "签了到的有2位" in desk.text
    desk.fill(words="大家喝茶，说了说从前。", others="3", alt_1="大家围着桌子喝茶", consent=True)
    desk.page.set_input_files("[name=photo_1]", picture())
    desk.press("存下来，给大家看").follow("居民看到的那一页")
    resident.open(activity.get_absolute_url())
    assert "已结束" in resident.text
    recap = resident.page.get_by_role("region", name="活动回顾")
    assert "大家喝茶，说了说从前。" in recap.inner_text()
    assert "来了5位" in recap.inner_text()
    shown = recap.get_by_role("img", name="大家围着桌子喝茶")
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert not any(name in resident.text for name in codes)


@WITH_AND_WITHOUT_SCRIPTS
def test_called_off_and_everybody_rung_up_once(cast, phone, log_in, axe, scripts):
    activity = cast.activities["here"]  # two people are booked by one telephone
    again = signup.join(activity, names=["示例奶奶"], telephone=BOOKED["here"])  # a second booking of that telephone
    signup.join(activity, names=["示例爷爷", "示例老伴"], telephone="19900007001")
    desk, other = phone(scripts), phone(scripts)
    for each in (desk, other):
        log_in(each.page, each.site, "organiser", to=f"/desk/activities/{activity.pk}/")
        each.follow("取消活动")
    assert "报了名的5位，都要通知到" in desk.text
    desk.press("取消这个活动")
    assert desk.page.title().startswith("错误：")  # the reason is missing
    desk.fill(reason="讲课的老师病了，改到下个月。").press("取消这个活动")
    assert "要打电话通知的，都列出来了" in desk.text
    other.fill(reason="下雨")
    for _ in range(2):  # pressed once more, on a page from before
        other.press("取消这个活动")
        assert "现在是“已取消”，不能这样操作" in other.page.locator(".govuk-error-summary").inner_text()
    messages = Message.objects.filter(sign_up__activity=activity)
    assert list(messages.values_list("kind", flat=True)) == ["cancelled"] * 5
    assert Activity.objects.get(pk=activity.pk).note == "讲课的老师病了，改到下个月。"

    # One call a telephone, which tells everybody behind it.
    desk.follow("要打的电话")
    rows = desk.page.locator(".call-row")
    assert rows.count() == 2
    for name in ("金丝雀来宾", "金丝雀同伴", "示例奶奶", "示例爷爷", "示例老伴"):
        assert rows.locator("b", has_text=re.compile(f"^{name}$")).count() == 1
    assert rows.locator("blockquote").all_inner_texts() == [messages[0].words] * 2
    assert "讲课的老师病了，改到下个月。" in messages[0].words
    if scripts:
        assert axe(desk.page) == []

    # On paper: whole telephones, each once, on one sheet.
    paper = phone(scripts)
    log_in(paper.page, paper.site, "organiser", to=f"/desk/calls/{activity.pk}/")
    paper.follow("打印电话名单").fill(reason="老师病了，挨个打电话").press("打印")
    numbers = paper.page.locator("main td:first-child:not([colspan])").all_inner_texts()
    assert sorted(numbers) == sorted([BOOKED["here"], "19900007001"])
    assert len(SHEET.findall(paper.page.pdf(format="A4", prefer_css_page_size=True))) == 1

    # Ticked off one after the other; what another page shows from before changes nothing.
    other.open(f"/desk/calls/{activity.pk}/")
    rows.filter(has_text="示例爷爷").get_by_role("checkbox").check()
    desk.press("存下来")
    assert "打了1个电话" in desk.text
    assert rows.count() == 1
    first = set(messages.filter(status="told").values_list("pk", "done_at"))
    assert len(first) == 2
    for box in other.page.locator(".call-row").get_by_role("checkbox").all():
        box.check()
    other.press("存下来")
    assert "这个活动没有要打的电话了" in desk.open(f"/desk/calls/{activity.pk}/").text
    assert set(messages.values_list("status", flat=True)) == {"told"}
    assert first <= set(messages.values_list("pk", "done_at"))
    call_command("tell")
    assert messages.count() == 5
    assert "金丝雀讲座" not in desk.open("/desk/calls/").text

    # Residents read that it is off, and why.
    resident = phone(scripts).open(activity.get_absolute_url())
    assert "这个活动取消了" in resident.text
    assert "讲课的老师病了，改到下个月。" in resident.text
    assert resident.page.get_by_role("link", name="我要报名").count() == 0
    assert activity.title not in resident.open("/activities/").text
    resident.open("/lookup/").fill(code=again.code, last_four=BOOKED["here"][-4:]).press("查一查")
    assert resident.heading == "都取消了"
    assert "讲课的老师病了，改到下个月。" in resident.text
