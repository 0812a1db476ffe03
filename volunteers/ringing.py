"""The messages that somebody has to tell by telephone, as calls: one a telephone, for all that is told there."""

from itertools import groupby

from branches.masking import mask_name, mask_telephone
from volunteers.contact import whom


class Call:
    """What is told to one telephone: a volunteer's, or a resident's."""

    def __init__(self, messages):
        self.messages = messages
        self.name, self.telephone = whom(messages[0])

    @property
    def key(self):
        """The numbers of its messages: what is ticked off is what was on the page, and nothing that came since."""
        return "-".join(str(message.pk) for message in self.messages)

    @property
    def is_volunteer(self):
        return self.messages[0].assignment_id is not None

    @property
    def orders(self):
        return list(dict.fromkeys(message.order_id for message in self.messages))

    def mask(self):
        """Let the page show nobody's name and number in full."""
        self.name, self.telephone = mask_name(self.name), mask_telephone(self.telephone)


def calls(messages):
    """The messages as calls, those that have waited longest first."""
    rows = sorted(
        messages.select_related("order__category", "assignment__volunteer"), key=lambda row: (_line(row), row.pk)
    )
    found = [Call(list(group)) for _, group in groupby(rows, key=_line)]
    return sorted(found, key=lambda call: call.messages[0].pk)


def _line(message):
    """Which telephone rings, and for what; one that has no number is a line of its own."""
    if message.assignment_id:
        return "volunteer", str(message.assignment.volunteer_id)
    return "resident", message.order.telephone_index or f"order {message.order_id}"
