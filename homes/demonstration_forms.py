"""The forms of a demonstration site: each asks for what one step needs."""

from branches.access import Action
from branches.fields import Words
from branches.forms import DayField, DeskForm, StaleForm
from homes.grant_forms import HomeField
from homes.models import Demonstration, Home
from homes.public_facts import no_person

WORDS_MOST = 200  # characters
FOR_EVER = "留空表示没有规定期限。"


class NominateForm(DeskForm):
    home = HomeField()
    why = Words(
        label="为什么提名", max_length=WORDS_MOST, rows=4, missing="请写为什么提名。", validators=[no_person],
        help_text="这个家办了些什么，邻居怎么说。只写事情，不写人名和电话。",
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        homes = Home.objects.where_granted(user, Action.ADD, Demonstration)
        self.fields["home"].offer(homes.filter(status=Home.Status.OPEN))


class RecordForm(DeskForm):
    """A recognition of the past."""

    home = HomeField()
    on = DayField(label="哪天授予的", initial=None)
    valid_until = DayField(label="有效期到哪一天", required=False, initial=None, help_text=FOR_EVER)
    source = Words(
        label="哪个文件授予的", max_length=WORDS_MOST, missing="请写是哪个文件授予的。", validators=[no_person],
        help_text="写文件的名称和文号，以后好查。",
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].offer(Home.objects.where_granted(user, Action.CHANGE, Demonstration))


class StepForm(StaleForm):
    """A step of one recognition, which knows what its page said of it."""

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, now=seen(record), words=f"现在是“{record.get_status_display()}”", **kwargs)
        self.helper.render_hidden_fields = True


class GrantForm(StepForm):
    on = DayField(label="哪天授予的")
    valid_until = DayField(label="有效期到哪一天", required=False, initial=None, help_text=FOR_EVER)


class ReasonForm(StepForm):
    reason = Words(
        label="原因", max_length=WORDS_MOST, rows=3, missing="请写明原因。", help_text="街道和社区都看得到。",
        validators=[no_person],
    )  # fmt: skip


class RevokeForm(ReasonForm):
    on = DayField(label="哪天撤销的")


class AmendForm(GrantForm):
    reason = Words(
        label="为什么改", max_length=WORDS_MOST, missing="请写为什么改。",
        help_text="至少5个字，例如：授予的日子抄错了。", validators=[no_person],
    )  # fmt: skip

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["on"].initial, self.fields["valid_until"].initial = record.granted_on, record.valid_until


def seen(record):
    """What a page says of a recognition: its state and its days."""
    return f"{record.status} {record.granted_on} {record.valid_until}"
