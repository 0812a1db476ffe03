"""The forms that close a visit, for the volunteer's own page and for the desk alike."""

from django import forms

from branches.fields import Words
from volunteers.models.duty import MINUTES_MOST

WHAT_MOST, NOTE_MOST = 500, 200


class Minutes(forms.IntegerField):
    def __init__(self, **kwargs):
        wrong = f"请填0到{MINUTES_MOST}之间的数，也就是最多12个小时。"
        super().__init__(
            min_value=0,
            max_value=MINUTES_MOST,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            **kwargs,
        )


class DoneFields(forms.Form):
    """What was done, and for everybody who went how many minutes."""

    what = Words(label="办了什么", max_length=WHAT_MOST, rows=3, missing="请写办了什么，例如：换好了灯管。")

    def __init__(self, *args, going, me=None, **kwargs):
        """`going` are the accepted assignments; `me` is the volunteer who fills it in."""
        super().__init__(*args, **kwargs)
        self.going = going
        for each in going:
            who = "您" if me is not None and each.volunteer_id == me.pk else str(each.volunteer)
            self.fields[f"minutes_{each.volunteer_id}"] = Minutes(
                label=f"{who}服务了多少分钟", initial=each.order.visit_minutes, help_text="路上的时间不算。"
            )

    @property
    def minutes(self):
        """{volunteer's pk: minutes}, as dispatching.complete wants them."""
        return {each.volunteer_id: self.cleaned_data[f"minutes_{each.volunteer_id}"] for each in self.going}


class FailFields(forms.Form):
    note = Words(
        label="怎么没办成", max_length=NOTE_MOST, rows=3, missing="请写一句怎么没办成，例如：敲门没人在家。",
        help_text="写给派单的人看，好再请人去。不写病情。",
    )  # fmt: skip


class DeclineFields(forms.Form):
    reason = Words(label="为什么去不了", max_length=NOTE_MOST, rows=2, help_text="可以不写。")
