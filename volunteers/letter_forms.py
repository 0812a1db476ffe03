"""The forms of letters: the one that anybody may send, the author's, and those of the desk."""

from crispy_forms_gds.layout import HTML, Layout
from django import forms
from django.core.validators import validate_email

from branches.access import Action
from branches.fields import DivisionField, LongWords, TelephoneField, Words, telephone_of
from branches.forms import VersionedForm
from branches.models import Division
from branches.names import plain_name, tidy
from config.open_forms import OpenForm
from homes.models import Home, HomeApplication
from volunteers.models import Letter, Office
from volunteers.models.letter import BODY_MOST
from volunteers.opening import about

CONSENT_VERSION = "2026-11"  # of the words beside the box; a new one where they change
SUBJECT_MOST, NUMBER_MOST = 60, 12
HOMES_MOST = 60  # to choose from; where there are more, each home's page leads to its own mailbox
FOLDED, FURTHER = ("proxy_name", "home", "publicness"), "替别人写，投到哪个家，可不可以公开（不填也行）"
PRIVATE, PUBLIC, NAMED = "private", "public", "named"
PUBLICNESS = (
    (PRIVATE, "不公开，只答复我一个人"),
    (PUBLIC, "可以公开，不写我的名字"),
    (NAMED, "可以公开，写上我的名字也行"),
)
EXPLAINED = (
    "公开了，别的街坊也看得到答复。公开以前，工作人员会去掉电话、身份证号和认得出人的话。"
    "以后什么时候想改，凭查询码改，马上就不公开了。"
)


def in_notice(number):
    """The application with this number that everybody may read now, or None."""
    return HomeApplication.objects.in_notice().filter(number=number).first() if number else None


def about_notice(application):
    """The subject that a letter about it begins with."""
    return f"关于公示：{application}"[:SUBJECT_MOST]


class ContactField(forms.CharField):
    """A telephone or an e-mail address: whichever the author has. Its value is (telephone, e-mail), one of them ""."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "tel"}),
            error_messages={"required": "请写一个电话或者邮箱。", "max_length": "电话或者邮箱，写一个就行。"},
            **kwargs,
        )

    def clean(self, value):
        text = tidy(super().clean(value))
        if "@" in text or "＠" in text:
            email = text.replace("＠", "@").replace(" ", "")
            try:
                validate_email(email)
            except forms.ValidationError as error:
                raise forms.ValidationError("这个邮箱看着不对，请再看看；没有邮箱就写电话。") from error
            return "", email
        number = telephone_of(text)
        if number is None:
            raise forms.ValidationError("这个电话看着不对：手机是11位，座机请带区号。写邮箱也行。")
        return number, ""


class LetterForm(OpenForm):
    """What it is about, the letter, who writes and how to reach them; the rest is folded."""

    subject = Words(
        label="说什么事", max_length=60, missing="请用一句话写是什么事。", help_text="一句话，例如：楼道灯不亮。"
    )
    body = LongWords(
        label="您的信", max_length=BODY_MOST, rows=8, missing="请写信的内容。",
        help_text=f"什么事、在哪里、想怎么办。最多{BODY_MOST}个字。",
    )  # fmt: skip
    name = Words(label="怎么称呼您", max_length=40, missing="请写怎么称呼您。")
    contact = ContactField(label="电话或者邮箱", help_text="写一个就行，答复了好告诉您，也用来查答复。")
    proxy_name = Words(label="您是替别人写的吗？", max_length=40, help_text="是的话，写您自己的名字；不是就空着。")
    home = forms.ModelChoiceField(
        label="投到哪个家的邮筒", queryset=Home.objects.none(), required=False, to_field_name="slug",
        empty_label="不投到哪一个家，交给区里", error_messages={"invalid_choice": "请从名单里选一个家。"},
    )  # fmt: skip
    publicness = forms.ChoiceField(
        label="答复以后，可不可以公开？", choices=PUBLICNESS, initial=PRIVATE, required=False,
        widget=forms.RadioSelect, help_text=EXPLAINED, error_messages={"invalid_choice": "请选一样：可不可以公开。"},
    )  # fmt: skip
    consent = forms.BooleanField(
        label="我同意把上面写的交给办理的单位，用来答复这封信",
        help_text="只有办信的人看得到，办完两年以后删掉。不想留了，打电话说一声就删。",
        error_messages={"required": "要勾上同意，信才能交给办理的单位。不想勾，也可以打电话说。"},
    )

    application = forms.CharField(required=False, max_length=NUMBER_MOST, widget=forms.HiddenInput)

    too_often = "今天已经收到您好几封信了，明天再写，或者打电话说。"

    def __init__(self, *args, home_slug="", application=None, **kwargs):
        """`application` is the one in its public notice that the address names."""
        super().__init__(*args, **kwargs)
        if application is not None:
            self.fields["application"].initial = application.number
            self.fields["subject"].initial = about_notice(application)
        homes = Home.objects.public().order_by("name")
        if homes.count() > HOMES_MOST:
            homes = homes.filter(slug=home_slug)
        self.fields["home"].queryset = homes
        self.fields["home"].initial = home_slug

    def fold(self):
        """Show what most people leave empty only to those who open it; the home is named above the form."""
        usual = {"proxy_name": ("", None), "publicness": ("", None, PRIVATE), "home": (self["home"].value(),)}
        is_open = any(self[name].errors or self[name].value() not in usual[name] for name in FOLDED)
        seen = ("subject", "body", "name", "contact")
        rest = [name for name in self.fields if name not in (*seen, *FOLDED, "consent")]
        self.helper.layout = Layout(
            *seen,
            HTML(f'<details class="filter further"{" open" if is_open else ""}><summary>{FURTHER}</summary>'),
            *FOLDED,
            HTML("</details>"),
            "consent",
            *rest,
        )

    def clean_application(self):
        """The application, while it is in notice; any other number counts for nothing, and the letter still does."""
        return in_notice(self.cleaned_data["application"])

    def clean_name(self):
        if not plain_name(self.cleaned_data["name"]):
            raise forms.ValidationError("请写怎么称呼您。")
        return self.cleaned_data["name"]

    def clean(self):
        cleaned = super().clean()
        if "contact" in cleaned:  # the limit of a telephone is that of an address of mail as well
            cleaned["telephone"] = "".join(cleaned["contact"]).casefold()
        return cleaned

    def refuse(self, sentence, limit, field=None):
        super().refuse(sentence, limit, "contact" if field == "telephone" else field)

    def letter(self):
        """What the verb of sending wants to know, once it was asked whether the form counts."""
        given = self.cleaned_data
        telephone, email = given["contact"]
        return {
            "subject": given["subject"],
            "body": given["body"],
            "name": given["name"],
            "telephone": telephone,
            "email": email,
            "proxy_name": given["proxy_name"],
            # not into the mailbox of a home: the district answers what is said of an application
            "home": None if given["application"] else given["home"],
            "application": given["application"],
            "may_publish": given["publicness"] in (PUBLIC, NAMED),
            "with_name": given["publicness"] == NAMED,
            "form_key": given["form_key"],
            "consent_version": CONSENT_VERSION,
            "is_proven": self.proven,
        }


class AskAgainForm(VersionedForm):
    """What was not answered; with it the author may close the page and come back by the code."""

    reason = LongWords(
        label="还有什么没说清楚", max_length=500, rows=5, missing="请写还有什么没说清楚。", help_text="最多500个字。"
    )


class ConsentForm(VersionedForm):
    """Whether with the name."""

    publicness = forms.ChoiceField(
        label="公开的时候", choices=((PUBLIC, "不写我的名字"), (NAMED, "写上我的名字也行")), initial=PUBLIC,
        widget=forms.RadioSelect, error_messages={"required": "请选一样。", "invalid_choice": "请选一样。"},
    )  # fmt: skip


# --- the desk
class StepForm(VersionedForm):
    """A step that asks for nothing."""


class ReasonForm(VersionedForm):
    """A step that wants a reason."""

    reason = Words(label="原因", max_length=300, rows=3, missing="请写明原因。")

    def __init__(self, *args, hint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class OfficeForm(VersionedForm):
    """Which office answers, and whose clerks see to it."""

    office = forms.ModelChoiceField(
        label="由哪个单位答复", queryset=Office.objects.none(), empty_label="请选一个",
        error_messages={"required": "请选由哪个单位答复。", "invalid_choice": "请从名单里选一个单位。"},
    )  # fmt: skip
    division = DivisionField(
        label="交给哪里的工作人员办", queryset=Division.objects.none(), empty_label=None,
        help_text="交过去以后，只有那里的、和上面管着那里的工作人员看得到这封信。",
        error_messages={"required": "请选交给哪里办。", "invalid_choice": "请从名单里选一个地方。"},
    )  # fmt: skip

    def __init__(self, *args, user, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["office"].queryset = Office.objects.in_use()
        self.fields["office"].initial = record.office_id
        own = Division.objects.where_granted(user, Action.CHANGE, Letter)
        self.fields["division"].queryset = own.select_related("parent").order_by("code")
        self.fields["division"].initial = record.division_id


class DeclineForm(VersionedForm):
    reason = forms.ChoiceField(
        label="为什么不受理", choices=Letter.DeclineReason.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选为什么不受理。", "invalid_choice": "请从名单里选为什么不受理。"},
    )  # fmt: skip
    words = Words(
        label="告诉写信人的话", max_length=300, rows=4, missing="请写几句话告诉写信人。",
        help_text="写信人看得到。写明还可以找谁，例如：水压归供水公司管，可以找他们的服务站。",
    )  # fmt: skip


class LetterChoice(forms.ModelChoiceField):
    def label_from_instance(self, letter):
        return f"第{letter.pk}号，{letter.get_status_display()}，{about(letter)}"


class MergeForm(VersionedForm):
    """Which letter is about the same thing: one of those the reader may work on."""

    into = LetterChoice(
        label="并入哪封信", queryset=Letter.objects.none(), empty_label="请选一封",
        error_messages={"required": "请选并入哪封信。", "invalid_choice": "请从名单里选一封信。"},
    )  # fmt: skip

    def __init__(self, *args, letters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = letters


class DraftForm(VersionedForm):
    text = LongWords(
        label="答复", max_length=BODY_MOST, rows=10, missing="请写答复。",
        help_text=f"称呼、事情办到哪一步、接下来谁来办、什么时候办好。最多{BODY_MOST}个字。单位和日期会自动写上。",
    )  # fmt: skip


class RedactForm(VersionedForm):
    """The words for everybody. `seen` says which words the preview on the page was made of."""

    public_subject = Words(label="公开的标题", max_length=60, missing="请写公开的标题。")
    public_body = LongWords(label="公开的信", max_length=BODY_MOST, rows=10, missing="请写公开的信。")
    public_answer = LongWords(label="公开的答复", max_length=BODY_MOST, rows=10, missing="请写公开的答复。")
    reason = Words(
        label="改了什么，为什么", max_length=300, rows=2,
        help_text="写信人看得到，例如：去掉了门牌号和邻居的名字。一个字没改，可以不写。",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ApplicationChoice(forms.ModelChoiceField):
    def label_from_instance(self, application):
        return f"{application.number} {application}"


class ByTelephoneForm(VersionedForm):
    """A letter that somebody dictates: theirs is the name, the colleague who writes is the one logged in."""

    name = Words(label="谁说的", max_length=40, missing="请写是谁说的。", help_text="您的名字会自动记下。")
    telephone = TelephoneField(label="电话", missing="请写对方的电话，答复了好告诉人家。")
    subject = Words(label="说什么事", max_length=60, missing="请用一句话写是什么事。")
    body = LongWords(
        label="信的内容", max_length=BODY_MOST, rows=8, missing="请写信的内容。", help_text="照对方说的写，写完念一遍。"
    )
    division = DivisionField(
        label="哪里的事", queryset=Division.objects.none(), empty_label=None,
        error_messages={"required": "请选是哪里的事。", "invalid_choice": "请从名单里选一个地方。"},
    )  # fmt: skip
    application = ApplicationChoice(
        label="关于哪个公示", queryset=HomeApplication.objects.none(), required=False, empty_label="不是关于公示的",
        help_text="是的话，信由区里答复，答复以前那份申报不会批准。",
        error_messages={"invalid_choice": "请从名单里选一个正在公示的。"},
    )  # fmt: skip
    publicness = forms.ChoiceField(
        label="对方同不同意公开", choices=PUBLICNESS, initial=PRIVATE, widget=forms.RadioSelect, help_text=EXPLAINED,
        error_messages={"required": "请问一声可不可以公开。", "invalid_choice": "请选一样：可不可以公开。"},
    )  # fmt: skip
    consent = forms.BooleanField(
        label="对方同意登记姓名和电话，用来答复这封信",
        error_messages={"required": "要先问过，对方同意了才能登记。"},
    )
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Division.objects.where_granted(user, Action.ADD, Letter)
        self.fields["division"].queryset = own.select_related("parent").order_by("code")
        self.fields["division"].initial = self.fields["division"].queryset.first()
        self.fields["application"].queryset = HomeApplication.objects.in_notice().order_by("number")
        if not self.fields["application"].queryset.exists():
            del self.fields["application"]

    def clean(self):
        """What is said of an application is answered by the district, not by the community that applies."""
        cleaned = super().clean()
        if cleaned.get("application"):
            cleaned["division"] = Division.objects.district()
        return cleaned

    def letter(self):
        given = {"application": None} | self.cleaned_data
        names = ("name", "telephone", "subject", "body", "division", "form_key", "application")
        return {name: given[name] for name in names} | {
            "may_publish": given["publicness"] in (PUBLIC, NAMED),
            "with_name": given["publicness"] == NAMED,
            "consent_version": CONSENT_VERSION,
        }
