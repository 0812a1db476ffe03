"""A letter from the mailbox of a home: written, answered by two, agreed to, public, and taken back."""

import re

import pytest

from tests.makers import make_user
from tests.volunteers.post import TELEPHONE
from volunteers.models import Letter, Office

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine", "easy_work")
BODY = "三栋门口的路灯不亮，我姓张，住401，电话19900001111。"


@pytest.fixture
def colleagues(cast, phone, log_in):
    """Two of the community, each with a phone of their own, at the desk's letters."""
    make_user("second", "community", cast.communities["here"], name="金丝雀小李")

    def at_the_desk(username, scripts):
        own = phone(scripts)
        log_in(own.page, own.site, username, to="/desk/letters/")
        return own

    return at_the_desk


def written(author, home):
    """The letter, put into the mailbox of the home; returns its code."""
    author.open(home.get_absolute_url())
    author.go_to(f"/letters/write/?home={home.slug}")
    assert home.name in author.text
    author.fill(subject="路灯不亮", body=BODY, name="示例爷爷", contact=TELEPHONE).press("寄出")
    assert author.page.title().startswith("错误：")  # the tick was forgotten
    assert author.page.input_value("[name=body]") == BODY
    author.fill(consent=True).press("寄出")
    assert author.heading == "信收到了"
    code = author.page.locator(".code").inner_text().replace(" ", "")
    assert re.fullmatch(r"\d{8}", code)
    assert not any(part in author.page.url for part in (code, TELEPHONE[-4:]))
    return code


def answered(letter, first, second):
    """One of the community takes it up and drafts, the other one checks."""
    desk = f"/desk/letters/{letter.pk}/"
    first.open("/desk/letters/").go_to(desk)
    assert BODY in first.text
    assert TELEPHONE not in first.text.replace(BODY, "")
    first.go_to(f"{desk}accept/")
    first.page.select_option("[name=office]", label="示例街道办事处")
    first.press("受理")
    first.go_to(f"{desk}draft/").fill(text="灯泡明天换好。").press("写好了，交去审核")
    assert "请另一位同事审核" in first.text
    assert first.page.locator(f'a[href="{desk}answer/"]').count() == 0
    second.open("/desk/letters/").go_to(desk).go_to(f"{desk}answer/").press("看过了，答复")


def published(letter, first, second):
    """One takes out what points at the author, sees it beside the original; the other one publishes."""
    desk = f"/desk/letters/{letter.pk}/"
    first.open(desk).go_to(f"{desk}redact/")
    first.fill(public_body="楼门口的路灯不亮，我姓张。电话一三八 0000 1111 二", reason="去掉了门牌和电话")
    first.press("看看两边有什么不同")
    first.press("两边都看过了，存好")
    assert "里还有电话号码" in first.text
    first.fill(public_body="楼门口的路灯不亮。").press("看看两边有什么不同")
    assert first.page.locator("del").first.is_visible()
    first.press("两边都看过了，存好")
    assert first.page.locator(f'a[href="{desk}publish/"]').count() == 0
    second.open("/desk/letters/").go_to(desk).go_to(f"{desk}publish/").press("公开")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_mailbox_of_a_home_to_the_public_page_and_off_it_again(cast, phone, colleagues, axe, scripts):
    Office.objects.get_or_create(name="示例街道办事处")
    author, neighbour = phone(scripts), phone(scripts)
    first, second = colleagues("officer", scripts), colleagues("second", scripts)
    code = written(author, cast.homes["here"])
    letter = Letter.objects.get(code=code)
    answered(letter, first, second)

    author.page.context.clear_cookies()  # next week, on the daughter's phone
    author.open("/lookup/").fill(code=code, last_four=TELEPHONE[-4:]).press("查一查")
    assert author.heading == "答复了"
    assert "灯泡明天换好。" in author.text
    neighbour.open("/letters/")
    assert "路灯不亮" not in neighbour.text
    author.press("同意公开", "link").press("同意公开")
    published(letter, first, second)

    neighbour.open("/letters/?q=路灯不亮")
    neighbour.follow("路灯不亮")
    assert [
        words for words in ("楼门口的路灯不亮。", "灯泡明天换好。", "示例街道办事处") if words not in neighbour.text
    ] == []
    assert [words for words in ("401", TELEPHONE, "示例爷爷") if words in neighbour.text] == []
    if scripts:
        assert axe(neighbour.page) == []
    address = neighbour.path

    author.open("/lookup/").fill(code=code, last_four=TELEPHONE[-4:]).press("查一查")
    if scripts:
        assert axe(author.page) == []
    author.press("收回同意，不公开", "link").press("是的，不公开")
    assert "已经不公开了" in author.text
    neighbour.open("/letters/")
    assert "楼门口" not in neighbour.text
    assert neighbour.page.request.get(f"{neighbour.site}{address}").status == 404
    letter.refresh_from_db()
    assert (letter.publication, letter.public_body) == ("unpublished", "楼门口的路灯不亮。")
