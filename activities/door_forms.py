"""The forms of the door: walk-ins, callers, codes, reasons, the recap, and who gets it brought home."""

from django import forms

from activities.forms import SignUpForm, digits
from branches.fields import Several, TelephoneField
from branches.forms import DeskForm, MaskedMemberField, VisitForm, WhyField
from branches.models import CareVisit
from branches.names import tidy
from homes.photos import PhotoField

AT_ONCE = 3  # photographs a form takes


class CodeField(forms.CharField):
    """Eight digits, however they were typed."""

    def __init__(self, **kwargs):
        super().__init__(
            label="报名码",
            max_length=20,
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "code-field", "autofocus": True}
            ),
            error_messages={"required": "请写报名码，是8位数字。", "max_length": "报名码是8位数字。"},
            **kwargs,
        )

    def clean(self, value):
        return digits(super().clean(value))


class CodeForm(DeskForm):
    code = CodeField(help_text="请来的人看一看手机或者打印的报名单，8位数字。")


class WalkInForm(forms.Form):
    """Who came without signing up, in one line. `another` is asked only where one of the name is on the list."""

    name = forms.CharField(
        max_length=40, error_messages={"required": "请写来的人的姓名。", "max_length": "名字太长了，请留在40个字以内。"}
    )
    telephone = forms.CharField(max_length=30, required=False, error_messages={"max_length": "电话只写一个号码就行。"})
    another = forms.BooleanField(required=False)
    asks_another = False

    @property
    def is_typed(self):
        return any(self.data.get(name, "").strip() for name in ("name", "telephone"))

    def ask(self, question):
        self.asks_another = True
        self.add_error("another", question)

    def clean_name(self):
        return tidy(self.cleaned_data["name"])

    def clean_telephone(self):
        given = self.cleaned_data["telephone"]
        return TelephoneField().clean(given) if given.strip() else ""


class CallerForm(SignUpForm):
    """What a resident would fill in, filled in by whoever took the call: a person, whom nothing hurries."""

    email = forms.EmailField(
        label="邮箱",
        help_text="可以不写。写了，有变动就发邮件，不打电话。",
        required=False,
        max_length=120,
        error_messages={"invalid": "这个邮箱看着不对，中间要有@。不知道就空着。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("made_at", "website"):  # they tell robots from people
            del self.fields[name]
        self.fields["telephone"].help_text = "念一遍，请对方听一听对不对。"
        self.fields["proxy"].label = "是替别人报名吗？"
        self.fields["proxy"].help_text = "是的话，写打电话的人的姓名；不是就空着。"
        self.fields["note"].label = "有什么要记的"
        self.fields["consent"].label = "念给对方听了，对方同意：写下姓名和电话，用来办这次报名"
        self.fields["consent"].error_messages["required"] = "要先念给对方听，对方同意了再勾上。"
        self.order_fields(["name", "others", "telephone", "email"])

    def refusal_by_time(self):
        return None

    def booking(self):
        return super().booking() | {"email": self.cleaned_data["email"]}


class WhyForm(DeskForm):
    """A reason for seeing full telephones, long enough to mean something."""

    reason = WhyField(such_as="下雨改期，挨个通知", widget=forms.Textarea(attrs={"rows": 2}))


READY = (
    "改了时间或地点，打电话通知",
    "活动取消，打电话通知",
    "候补的有位子了，打电话通知",
    "活动快开始了，打电话提醒",
)


class CallsForm(DeskForm):
    """Why somebody wants to see the telephones of a call list: one of the usual reasons, or in their own words."""

    ready = forms.ChoiceField(
        label="为什么要看",
        choices=[(each, each) for each in READY],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请从名单里选，或者自己写。"},
    )
    reason = WhyField(label="别的原因，自己写", such_as="问一问要不要接送", required=False)

    def clean(self):
        """`reason` is all that was said."""
        cleaned = super().clean()
        if not self.errors:
            cleaned["reason"] = "；".join(each for each in (cleaned["ready"], cleaned["reason"]) if each)
            if not cleaned["reason"]:
                self.add_error("ready", "请选一个原因，或者自己写。")
        return cleaned


class NoteForm(DeskForm):
    """Why, where that has to be told or may be."""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明原因。", "max_length": "原因请留在300个字以内。"},
    )

    def __init__(self, *args, needed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed
        self.fields["reason"].help_text = "要写明，当事人和同事都会看到。" if needed else "可以不写。"


class RecapForm(DeskForm):
    """A few words, how many nobody wrote down, and up to three photographs at a time.

    Consent stands before the photographs: after a refusal a browser has forgotten which were chosen.
    """

    words = forms.CharField(
        label="写几句",
        help_text="讲了什么，大家怎么样。不写谁没来，也不写谁的病。",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "请写几句：讲了什么，大家怎么样。",
            "max_length": "写得有点长，请留在2000个字以内。",
        },
    )
    others = forms.IntegerField(
        label="没有签到的还有几位",
        help_text="没有就写0。签了到的另外数好了。",
        min_value=0,
        max_value=5000,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请写一个数，没有就写0。"),
    )
    consent = forms.BooleanField(
        label="照片里的人都同意公开",
        required=False,
        help_text="要放照片，先勾这一格。没有问过的，先不要放。孩子的照片要问家里大人。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, AT_ONCE + 1):
            words = {1: "一", 2: "二", 3: "三"}[number]
            self.fields[f"photo_{number}"] = PhotoField(
                label=f"照片{words}",
                required=False,
                help_text="可以不放。JPG、PNG 或者 WebP，最大15 MB。放了，下面一格也要写。",
            )
            self.fields[f"photo_{number}"].widget.attrs["class"] = "govuk-file-upload"
            self.fields[f"alt_{number}"] = forms.CharField(
                label=f"照片{words}里有什么",
                help_text="读给看不见的人听，例如：大家围着桌子写对联。",
                required=False,
                max_length=80,
                error_messages={"max_length": "请留在80个字以内。"},
            )

    def clean(self):
        cleaned = super().clean()
        for number in range(1, AT_ONCE + 1):
            if cleaned.get(f"photo_{number}") and not cleaned.get(f"alt_{number}", "").strip():
                self.add_error(f"alt_{number}", "请写照片里有什么。照片请再选一次。")
        if any(self.files) and not cleaned.get("consent"):
            self.add_error("consent", "放照片以前，先问过照片里的人，同意了再勾上。照片请再选一次。")
        return cleaned

    def photos(self):
        """[(large, small, alt)]"""
        given = ((self.cleaned_data[f"photo_{n}"], self.cleaned_data[f"alt_{n}"]) for n in range(1, AT_ONCE + 1))
        return [(*photo, alt) for photo, alt in given if photo]


class MaskedMembersField(MaskedMemberField, Several):
    """Several members, named as the desk names them."""


class DeliveriesForm(DeskForm):
    members = MaskedMembersField(
        label="送给谁",
        help_text="支部里需要上门的党员。已经安排过的不在这里。",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一位。", "invalid_choice": "请从名单里选。"},
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members


class DeliveryForm(VisitForm):
    """The visit by which something was brought home: it was, or nobody was there."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = (CareVisit.Kind.STUDY, CareVisit.Kind.NOBODY_HOME)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
