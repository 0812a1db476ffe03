"""From an application to a demonstration site: returned, put right, seen, shown to all, objected to, approved, opened,
paid, recognised."""

from datetime import timedelta

import pytest
from django.utils import timezone

from homes.models import Demonstration, Grant, Home, HomeApplication, Standard
from tests.volunteers.post import TELEPHONE
from volunteers.models import Letter, Office

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine", "easy_work")
NAME, OBJECTION = "金丝雀小区老党员之家", "院门口有两级台阶，轮椅进不去。"
WRITTEN = {
    "name": NAME, "address": "望岳路66号一楼", "branch_words": "有党员六十名，每月过组织生活。",
    "place_words": "一间大屋，一间小屋，通了水电。", "area": "85", "team_words": "二十五个人，排了值班表。",
    "team_size": "25", "plan_words": "读书、唱歌、下棋。", "asked": "60000",
}  # fmt: skip
DOCUMENT = {"name": "批复.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture
def at_desk(cast, phone, log_in):
    """`at_desk(user name)`: somebody of the staff with a phone of their own, scripts off but for the staff pages."""

    def sit_down(username, to="/desk/applications/"):
        own = phone(scripts=to == "/admin/")
        log_in(own.page, own.site, username, to=to)
        return own

    return sit_down


def choose(phone, **fields):
    """In lists of choices, by what is read there."""
    for name, label in fields.items():
        phone.page.select_option(f"main [name={name}]", label=label)
    return phone


def handed_in(officer):
    """The community writes it, proves the three conditions, and hands it in."""
    officer.go_to("/desk/applications/new/").fill(**WRITTEN)
    officer.page.locator("summary", has_text="地图上的位置").click()
    officer.page.select_option("main [name=datum]", "WGS-84")
    choose(officer, tenure="社区自有").fill(longitude="112.99", latitude="28.1").press("存成草稿")
    assert "还缺这些" in officer.text
    for condition in ("branch", "place", "team"):
        officer.follow("加材料").page.check(f"main [name=condition][value={condition}]")
        officer.page.set_input_files("main [name=file]", DOCUMENT)
        officer.fill(title="批复").press("上传")
    officer.follow("交上去").press("交上去")
    return HomeApplication.objects.get(name=NAME)


def returned_and_put_right(street, officer, page):
    """What the street finds wrong with a field stands beside it when the community opens it again."""
    street.open("/desk/applications/").go_to(page).follow("退回补正")
    street.fill(reason="人数对不上", of_team_size="名册上是19人").press("退回")
    officer.open("/desk/applications/").go_to(page)
    assert "名册上是19人" in officer.text
    officer.follow("改一改")
    assert "要补正：名册上是19人" in officer.text
    officer.fill(team_size="19").press("存好")
    officer.follow("交上去").press("交上去")


def seen_and_passed(street, page):
    """Not before somebody has been there."""
    street.open(page)
    assert street.page.get_by_role("link", name="初审通过").count() == 0
    street.follow("去现场看")
    for standard in Standard.objects.in_use():
        street.page.check(f"main [name=result_{standard.pk}][value=met]")
    street.fill(words="屋里亮堂，水电都通。").press("记下来")
    street.open(page).follow("初审通过").press("三个条件都具备，初审通过")


def objected(resident, page_of_notice):
    """A resident reads it among the notices and writes what speaks against it."""
    resident.open("/applications/").follow(NAME)
    assert resident.path == page_of_notice
    assert "望岳路66号一楼" in resident.text
    assert "六十名" not in resident.text
    resident.follow("写信说").fill(body=OBJECTION, name="示例奶奶", contact=TELEPHONE, consent=True).press("寄出")
    assert resident.heading == "信收到了"
    return Letter.objects.get(application__name=NAME)


def answered(letter, first, second):
    desk = f"/desk/letters/{letter.pk}/"
    choose(first.open(f"{desk}accept/"), office="示例街道办事处").press("受理")
    first.open(f"{desk}draft/").fill(text="坡道月底修好，修好再开门。").press("写好了，交去审核")
    second.open(f"{desk}answer/").press("看过了，答复")


def opened(manager, home):
    """Not before what residents look for is filled in; then everybody finds it."""
    page, change = manager.page, f"/admin/homes/home/{home.pk}/"
    assert "还要补上：电话、开放时间" in publishing(manager, change)
    manager.open(f"{change}change/")
    page.get_by_role("textbox", name="电话").fill("0731-00001 5")
    page.get_by_role("group", name="每周开放时间").get_by_text("再加一条").click()
    row = page.get_by_role("group", name="每周开放时间").locator("tbody tr.form-row:visible").last
    row.get_by_label("星期").select_option(label="星期一")
    row.get_by_label("开门").fill("09:00")
    row.get_by_label("关门").fill("17:00")
    assert "已保存" in manager.press("保存，接着改").page.inner_text(".messagelist, .errornote")
    assert "居民现在看得到了" in publishing(manager, change)


def publishing(manager, change):
    """What it says when the button is pressed."""
    return manager.open(f"{change}publish/").press("发布").page.inner_text(".messagelist")


def paid(district, leader, home):
    """Planned by one, approved by another, within the ceiling."""
    choose(district.open("/desk/grants/new/"), home=f"东街街道 · {home}").fill(purpose="装修", planned="60000")
    district.press("列进计划")
    page = f"/desk/grants/{Grant.objects.get(home=home).pk}/"
    assert district.page.get_by_role("link", name="批准", exact=True).count() == 0
    leader.open(page).follow("批准").fill(amount="60000").press("批准")
    district.open(page).follow("记一笔拨款").fill(amount="20000.50", voucher="2026-001").press("记下来")
    assert "39,999.50" in district.text


def recognised(street, district, home):
    choose(street.open("/desk/demonstrations/nominate/"), home=f"东街街道 · {home}").fill(why="天天开门，邻居都来。")
    street.press("提名")
    district.open(f"/desk/demonstrations/{Demonstration.objects.get(home=home).pk}/").follow("授予").press("授予")


def test_from_an_application_to_a_demonstration_site(cast, at_desk, phone):
    Office.objects.get_or_create(name="示例街道办事处")
    officer, street, district, leader = (at_desk(name) for name in ("officer", "street", "district", "leader"))
    resident = phone(scripts=False)
    application = handed_in(officer)
    page, notice = f"/desk/applications/{application.pk}/", application.get_absolute_url()
    returned_and_put_right(street, officer, page)
    seen_and_passed(street, page)
    assert resident.page.request.get(f"{resident.site}{notice}").status == 404
    district.open(page).follow("公示").press("看看公示出来的样子")
    district.press("看过了，开始公示")
    letter = objected(resident, notice)

    leader.open(page)
    assert "还在公示" in leader.text
    yesterday = timezone.localdate() - timedelta(days=1)
    HomeApplication.objects.filter(pk=application.pk).update(notice_until=yesterday)  # as if the days had passed
    leader.open(page)
    assert "还有1封没有答复" in leader.text
    assert leader.page.get_by_role("link", name="批准", exact=True).count() == 0
    answered(letter, district, leader)  # who is no neighbour of the place
    district.open(page)
    assert district.page.get_by_role("link", name="批准", exact=True).count() == 0  # who reviewed does not approve
    leader.open(page).follow("批准").fill(slug="jinsique-xiaoqu").press("批准")
    assert resident.page.request.get(f"{resident.site}{notice}").status == 404

    home = Home.objects.get(slug="jinsique-xiaoqu")
    assert (home.name, home.status, str(home.application.ceiling)) == (NAME, "preparing", "60000.00")
    opened(at_desk("district", to="/admin/"), home)
    resident.open("/homes/").follow(NAME, exact=False)
    assert "示范阵地" not in resident.text
    paid(district, leader, home)
    recognised(street, district, home)
    resident.open(home.get_absolute_url())
    assert "示范阵地" in resident.text
    assert not any(words in resident.text for words in ("六十名", "20,000.50", "60,000"))
