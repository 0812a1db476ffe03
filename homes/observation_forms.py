"""The forms of a visit by those who come to look: the visit, and what they took away."""

from django import forms

from branches.access import Action
from branches.fields import Words
from branches.forms import DayField, DeskForm
from homes.grant_forms import HomeField
from homes.models import Home, ObservationVisit

MOST_AT_ONCE = 500  # people


class HowMany(forms.IntegerField):
    def __init__(self, **kwargs):
        wrong = f"请写0到{MOST_AT_ONCE}之间的人数。"
        super().__init__(
            min_value=0, max_value=MOST_AT_ONCE, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong), **kwargs,
        )  # fmt: skip


class TakeawaysField(Words):
    def __init__(self):
        super().__init__(
            label="带走了什么", max_length=600, rows=4, help_text="回去打算怎么做。现在不知道，以后再补也行。"
        )


class VisitForm(DeskForm, forms.ModelForm):
    """One visit; the model says what may not stand in it."""

    home = HomeField()
    on = DayField(label="哪天来的")
    guests = Words(
        label="从哪里来", max_length=120, missing="请写从哪里来。", help_text="写单位，不写人名。例如：某某街道各社区。"
    )
    secretaries = HowMany(label="支部书记有几名")
    others = HowMany(label="其他人有几名", initial=0)
    shown = Words(label="看了什么", max_length=160, missing="请写看了什么。")
    takeaways = TakeawaysField()

    class Meta:
        model = ObservationVisit
        fields = ("home", "on", "guests", "secretaries", "others", "shown", "takeaways")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        homes = Home.objects.where_granted(user, Action.ADD, ObservationVisit)
        self.fields["home"].offer(homes.exclude(status=Home.Status.PREPARING))
        if self.instance.pk:
            self.fields["home"].disabled = True
            self.fields["home"].offer(Home.objects.filter(pk=self.instance.home_id))
