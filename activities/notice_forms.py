"""The forms of the desk for notices."""

from django import forms
from django.utils import timezone

from activities.models import Notice
from branches.access import GRANTS, Action
from branches.fields import DivisionField, Words
from branches.forms import DayField, VersionedForm
from branches.models import Branch, Division
from homes.documents import WHAT
from homes.models import Home

WHOSE = {"home": "请选一个家", "branch": "请选一个支部", "division": "请选给哪里看"}


def own_areas(user):
    """The divisions for all of which this user may write a notice."""
    if user.is_superuser:
        return Division.objects.all()
    rules = GRANTS.get(Notice, {})
    posts = [post for post in user.current_postings if Action.ADD in rules.get(post.role, ())]
    areas = {post.division_id for post in posts if post.division_id}
    return Division.objects.filter(Division.objects.all().in_areas(areas))


class NoticeForm(VersionedForm):
    """What a notice says, from whom, to whom, and until when."""

    title = Words(label="标题", max_length=80, missing="请写标题。")
    body = Words(label="正文", max_length=5000, rows=8, missing="请写正文。")
    source = Words(label="来源", max_length=60, missing="请写是哪个单位发的。", help_text="哪个单位发的。")
    home = forms.ModelChoiceField(
        label="哪个家", queryset=Home.objects.none(), required=False, empty_label="不是哪一个家的",
        error_messages={"invalid_choice": "请从名单里选一个家。"},
    )  # fmt: skip
    branch = forms.ModelChoiceField(
        label="哪个支部", queryset=Branch.objects.none(), required=False, empty_label="不是哪一个支部的",
        error_messages={"invalid_choice": "请从名单里选一个支部。"},
    )  # fmt: skip
    division = DivisionField(
        label="给哪里看", queryset=Division.objects.none(), required=False, empty_label="跟着上面的家或者支部",
        error_messages={"invalid_choice": "请从名单里选一个地方。"},
    )  # fmt: skip
    expires_on = DayField(
        label="看到哪一天", required=False, initial=None, help_text="过了这一天自动从列表里拿掉。一直有用就留空。"
    )
    field_order = ("title", "body", "source", "home", "branch", "division", "expires_on")

    def __init__(self, *args, user, notice=None, **kwargs):
        super().__init__(*args, record=notice, **kwargs)
        homes = Home.objects.exclude(status=Home.Status.CLOSED).where_granted(user, Action.ADD, Notice)
        self.fields["home"].queryset = homes.order_by("name")
        self.fields["branch"].queryset = (
            Branch.objects.active().where_granted(user, Action.ADD, Notice).order_by("name")
        )
        self.fields["division"].queryset = own_areas(user).select_related("parent").order_by("code")
        offered = [name for name in WHOSE if self.fields[name].queryset.exists()] or ["home"]
        for name in WHOSE.keys() - offered:
            del self.fields[name]
        if len(offered) == 1:
            self.fields[offered[0]].empty_label = WHOSE[offered[0]]

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("这一天已经过了，请重新选，或者留空。")
        return day

    def clean(self):
        cleaned = super().clean()
        offered = [name for name in WHOSE if name in self.fields]
        chosen = [name for name in offered if cleaned.get(name)]
        if not chosen and not WHOSE.keys() & self.errors.keys():
            some = "请选是哪个家、哪个支部的，或者给哪里看。"
            self.add_error(offered[0], some if len(offered) > 1 else f"{WHOSE[offered[0]]}。")
        if "division" in chosen and len(chosen) > 1:
            self.add_error("division", "选了家或者支部，这里就不用选。")
        return cleaned

    def write_on(self, notice):
        for name in ("title", "body", "source", "expires_on"):
            setattr(notice, name, self.cleaned_data[name])
        for name in ("home", "branch"):
            setattr(notice, name, self.cleaned_data.get(name))
        if self.cleaned_data.get("division"):
            notice.division = self.cleaned_data["division"]
        return notice


class NoticeFileForm(VersionedForm):
    """One file; what it is called on the page."""

    title = Words(label="附件名称", max_length=80, missing="请写附件的名称，居民看到的就是它。")
    file = forms.FileField(
        label="选一个文件", help_text=f"{WHAT}，不超过10 MB。",
        error_messages={"required": "请选一个文件。", "empty": "这个文件是空的，请重新选一次。"},
    )  # fmt: skip
