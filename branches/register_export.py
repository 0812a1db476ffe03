"""The register going out: rows in the reader's scope, the template's example, the sheet that explains the columns."""

from branches.access import Action
from branches.models import Member
from branches.register_cells import squeeze
from branches.register_scope import COLUMNS, Register

EXAMPLE_ROW = (
    *("示例（这一行不导入）", "张示例", "1948", "1975-07-01", "照“填写说明”里的写", "", "", ""),
    *("", "示例机械厂离退休党总支", "10000000000", "示例路1号", "女儿 10000000001", "否", ""),
)


def export(user, members):
    """(rows of cells in the order of COLUMNS, how many of them in full) of those members the user may export.

    Rows are in full where the user's role may reveal, masked elsewhere.
    """
    register = Register(user, Action.EXPORT)
    revealed = set(Member.objects.visible_to(user, Action.REVEAL).values_list("pk", flat=True))
    rows, full = [], 0
    for pk in members.values_list("pk", flat=True):
        member = register.members.get(pk)
        if member is not None:
            full += pk in revealed
            texts = register.texts(member) if pk in revealed else register.masked(member)
            rows.append([squeeze(texts[column]) for column in COLUMNS])
    return rows, full


def notes(user):
    """What the sheet 填写说明 says to this reader, as rows of cells."""
    register = Register(user, Action.IMPORT)
    in_use = {
        "支部": sorted(register.branches),
        "关怀分类": [each.name for each in register.care_classes.values() if not each.is_archived],
        "原企业": sorted(each.name for each in register.enterprises.values() if not each.is_archived),
    }
    return [
        ("列", "怎么填"),
        ("（总的）", "每行一位党员。空着的格子不会改动原来的内容；要清空某一项，请到网页上改。不要写身份证号和病情。"),
        ("登记号", "系统给每位党员的号，导出的表里有。新党员空着。写着“示例”的行不导入。"),
        ("姓名", "新党员必须填。没有登记号时，靠姓名和电话认人。"),
        ("出生年份", "四位数字，例如 1948。"),
        ("入党日期", "1975-07-01 这样。"),
        ("支部", "新党员必须填，从导入那天起在册。已经在册的不能在表里换支部，请用“转入”。"),
        ("党小组", "这个支部里现有的党小组。"),
        ("小区、楼栋", "网站上已经有的小区和楼栋。换了小区、没写楼栋，原来的楼栋就清空。"),
        ("组织关系所在单位", "新党员必须填。已经在册的，以本人报到时说的为准，表里不能改。"),
        ("电话", "一个号码。带 * 的是遮住的内容，不会导入。"),
        ("联系人", "有事找谁：称呼和电话。"),
        ("需要上门", "写“是”或“否”，不写原因。"),
        *((heading, name) for heading, names in in_use.items() for name in ("—— 可以写 ——", *names)),
    ]
