"""How sample data are marked where there is no room for a label: before the name."""

from django.utils.translation import gettext_noop

MARK = gettext_noop("【示例数据】")


def marked(row, name):
    """The name of a row, which says so where the row is a sample."""
    return f"{MARK}{name}" if row.is_sample else name
