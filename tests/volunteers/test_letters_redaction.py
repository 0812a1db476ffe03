"""What may not stand in a public text is found however it is spelled, and plain words are left alone."""

import random

import pytest

from branches.public_words import EMAIL_FOUND, IDENTITY_FOUND, NAME_FOUND, TELEPHONE_FOUND, found_in
from volunteers.models import Letter
from volunteers.redaction import differences, faults

TELEPHONES = (
    "13812345678",
    "打13812345678找我",
    "138 1234 5678",
    "138-1234-5678",
    "138.1234.5678",
    "１３８１２３４５６７８",
    "＋８６ 138 1234 5678",
    "008613812345678",
    "1 3 8 1 2 3 4 5 6 7 8",
    "138，1234，5678",
    "138、1234、5678",
    "138（1234）5678",
    "138 - 1234 - 5678",
    "一三八一二三四五六七八",
    "幺三八幺二三四五六七八",
    "壹叁捌壹贰叁肆伍陆柒捌",
    "一三八 1234 五六七八",
    "139〇〇〇〇一一一一",
    "139零零零零1111",
    "138\u200b1234\u200b5678",
    "138\u00a01234\u00a05678",
    "138\u30001234\u30005678",
    "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
    "①③⑧①②③④⑤⑥⑦⑧",
    "١٣٨١٢٣٤٥٦٧٨",
    "138\n1234\n5678",
    "13O1234567O",
    "l38l2345678",
    "138/1234/5678",
    "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
    "微信13812345678元",
    "2026-11-22 13812345678",
    "138**1234**5678",
    "0731-88887777",
    "0731 8888 7777",
    "（0731）88887777",
    "88887777",
    "8888-7777",
    "8888 7777",
    "零七三一八八八八七七七七",
    "8566123",
    "+86 731 8888 7777",
    "010-65661234",
    "0731，8888，7777",
)
IDENTITIES = (
    "430103194901010017",
    "43010319490101001X",
    "43010319490101001x",
    "４３０１０３１９４９０１０１００１７",
    "430103 19490101 0017",
    "430103-19490101-001X",
    "四三零一零三一九四九零一零一零零一七",
    "430103194901010 01 7",
)
PLAIN = (
    "",
    "三栋二单元的路灯，从十一月二十二日起不亮了。",
    "2026年11月22日上午9:30到11:00",
    "2026-11-22 09:30",
    "2026.11.22，2026/1/5",
    "20261122",
    "拨打12345或者110、96533",
    "一共花了1200000元，先付350,000.50元",
    "第1页，共20页；1、2、3、4、5、6",
    "长政发〔2026〕12号",
    "湖南路1号、2号、3号",
    "一二三四五，上山打老虎",
    "每天7:00-9:00、16:30-18:30",
    "公交101路、116路，坐3站",
    "要走500米，10分钟",
    "二〇二六年十一月二十二日",
    "Hello OK, see you",
    "08:30 和 18:00",
)
NAMES = ("我叫张三丰。", "张 三 丰", "张·三丰", "（张三丰）", "张\u200b三丰", "张三丰先生", "张-三-丰", "我是张\n三丰")


@pytest.mark.parametrize("text", TELEPHONES)
def test_a_telephone_however_it_is_written(text):
    assert TELEPHONE_FOUND in found_in(text)


@pytest.mark.parametrize("text", IDENTITIES)
def test_an_identity_number_however_it_is_written(text):
    assert IDENTITY_FOUND in found_in(text)


@pytest.mark.parametrize("text", PLAIN)
def test_dates_amounts_and_short_numbers_stay(text):
    assert found_in(text, names=("张三丰", ""), email="zhang@example.cn") == []


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("name", ["张三丰", "张三丰先生", "张 三丰", "张三丰同志"])
def test_the_name_however_it_is_written(text, name):
    assert found_in(text, names=(name,)) == [NAME_FOUND]


@pytest.mark.parametrize("name", ["", "张", "张先生", " "])
def test_a_family_name_alone_is_in_too_many_texts(name):
    assert found_in("张江路上的灯，先生们", names=(name,)) == []


@pytest.mark.parametrize("text", ["写到 Zhang@Example.cn", "写到ｚｈａｎｇ＠example.cn", "zhang @ example.cn"])
def test_the_author_s_address_of_mail(text):
    assert found_in(text, email="zhang@example.cn") == [EMAIL_FOUND]


def test_each_public_text_is_looked_at_and_whoever_wrote_for_somebody_has_a_name_too():
    letter = Letter(
        name="张三丰", proxy_name="李小龙", public_subject="李小龙", public_body="张三丰", public_answer="88887777"
    )
    assert faults(letter) == {
        "public_subject": [NAME_FOUND], "public_body": [NAME_FOUND], "public_answer": [TELEPHONE_FOUND],
    }  # fmt: skip
    letter.name_consented = True
    assert set(faults(letter)) == {"public_subject", "public_answer"}


def test_every_mobile_in_every_spelling():
    """Any mobile, any gaps, any mix of figures, anywhere in a text."""
    chance = random.Random(5)  # noqa: S311 - no secret
    spelled = [
        "0０〇零",
        "1１一壹幺",
        "2２二贰两",
        "3３三叁",
        "4４四肆",
        "5５五伍",
        "6６六陆",
        "7７七柒",
        "8８八捌",
        "9９九玖",
    ]
    for _ in range(500):
        number = f"1{chance.randint(3, 9)}{chance.randrange(10**9):09}"
        gap = chance.choice(["", " ", "-", " - ", "　", "，", "\u200b", ".", "／"])
        text = gap.join(chance.choice(spelled[int(digit)]) for digit in number)
        assert TELEPHONE_FOUND in found_in(f"请打{text}找我"), text


def test_differences_are_told_piece_by_piece():
    left, right = differences("三栋401的张三说灯不亮", "楼里的住户说灯不亮")
    assert "".join(piece for piece, _ in left) == "三栋401的张三说灯不亮"
    assert "".join(piece for piece, _ in right) == "楼里的住户说灯不亮"
    assert ("说灯不亮", False) in left
    assert ("说灯不亮", False) in right
    assert "401" in "".join(piece for piece, gone in left if gone)
