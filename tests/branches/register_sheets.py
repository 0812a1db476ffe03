"""Sheets of the register for tests: built, sent through the page, and read back."""

from django.core.files.uploadedfile import SimpleUploadedFile

from branches.models import AuditEntry, CommunityMembership, Event, GroupPlacement, Member
from branches.register_scope import COLUMNS
from config.spreadsheet import read_rows, workbook

LIST = "/admin/branches/member/"
IMPORT, EXPORT = f"{LIST}import/", f"{LIST}export/"
REASON = "年终核对名册"
NEW = {
    "姓名": "新示例",
    "支部": "金丝雀银龄支部",
    "组织关系所在单位": "示例机械厂党委",
    "出生年份": "1950",
    "入党日期": "1975-07-01",
    "党小组": "金丝雀楼栋组",
    "小区": "金丝雀家园",
    "楼栋": "金丝雀3栋",
    "原企业": "示例机械厂",
    "电话": "19900009901",
    "地址": "金丝雀家园3栋402",
    "联系人": "女儿 19900009902",
    "需要上门": "是",
}


def sheet(*rows, columns=None):
    """A workbook of these rows as an upload; its columns are all that any row names."""
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    content = workbook("党员", columns, [[row.get(name, "") for name in columns] for row in rows])
    return SimpleUploadedFile("党员.xlsx", content)


def table_of(content):
    """A workbook's bytes as a list of {column: text}."""
    rows = read_rows(content, max_rows=5000)
    assert tuple(cell for cell in rows[0].cells if cell) == COLUMNS
    return [dict(zip(COLUMNS, row.cells, strict=False)) for row in rows[1:]]


def table(response):
    """The downloaded workbook as a list of {column: text}."""
    assert response["Content-Type"].endswith("sheet"), response.content.decode()[-2000:]
    return table_of(response.content)


def upload(client, *rows, **options):
    return client.post(IMPORT, {"file": sheet(*rows, **options)})


def confirm(client, preview):
    """The text of the page that tells how the import goes."""
    return client.post(IMPORT, {"ticket": preview.context["ticket"]}).getvalue().decode()


def snapshot():
    """Every row that an import could write, with histories and events."""
    models = (Member, CommunityMembership, GroupPlacement, Member.history.model, Event, AuditEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def problems(answer):
    return {(number, column) for number, column, _sentence in answer.context["problems"]}
