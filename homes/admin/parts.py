"""The parts of a home on its page: hours, special arrangements, facilities, photos; told there: recognition, money."""

from itertools import combinations

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from branches.access import DISTRICT
from branches.models import Branch
from branches.scoped_admin import OwnRowsFormSet, ScopedTabularInline, roles_at
from homes.admin.forms import ExceptionForm, RowForm, TimesForm
from homes.hours import contradict, overlapping_hours
from homes.models import Demonstration, Grant, HomeFacility, HostedBranch, OpeningException, OpeningHours, Photo
from homes.photos import PhotoField


class RowsFormSet(OwnRowsFormSet):
    """Rows that must get along with each other. `key` names the fields that are unique within a home."""

    key = ()

    def clean(self):
        super().clean()
        shown = {form.instance.pk for form in self.initial_forms}
        rows = [(row, None) for row in self.get_queryset() if row.pk not in shown]
        rows += [
            (form.instance, form)
            for form in self.forms
            if not form.errors and not self._should_delete_form(form) and (form.instance.pk or form.has_changed())
        ]
        for pair in self.conflicts(rows):
            self.complain(*pair)

    def conflicts(self, rows):
        """Yield ((row, form), (row, form), field, sentence) for rows that cannot stand beside each other."""
        return ()

    @staticmethod
    def complain(first, second, field, sentence):
        """Write `sentence` at the row that was touched, the later one where both were."""
        forms_of_pair = [form for _row, form in (second, first) if form is not None]
        touched = [form for form in forms_of_pair if form.has_changed()]
        (touched or forms_of_pair)[0].add_error(field, sentence)

    def save_existing_objects(self, commit=True):
        """Clear the way first where a row takes over the key of another that moves or goes."""
        if commit and self.key:
            kept = [form.instance for form in self.forms if not self._should_delete_form(form)]
            wanted = {self.key_of(row): row.pk for row in kept}
            holders = self.model._base_manager.filter(**{self.fk.name: self.instance})
            blocking = [row.pk for row in holders if wanted.get(self.key_of(row), row.pk) != row.pk]
            holders.filter(pk__in=blocking)._raw_delete(holders.db)
        return super().save_existing_objects(commit)

    def key_of(self, row):
        return tuple(getattr(row, name) for name in self.key)


class HoursFormSet(RowsFormSet):
    key = ("weekday", "opens")

    def conflicts(self, rows):
        forms_by_row = {id(row): form for row, form in rows}
        for first, second in overlapping_hours(row for row, _form in rows):
            sentence = f"和同一天的 {first.opens:%H:%M}–{first.closes:%H:%M} 重叠了。"
            yield (first, forms_by_row[id(first)]), (second, forms_by_row[id(second)]), "opens", sentence


class ExceptionsFormSet(RowsFormSet):
    def conflicts(self, rows):
        for first, second in combinations(rows, 2):
            if contradict(first[0], second[0]):
                yield first, second, "first_day", f"和“{first[0]}”的日期、时间冲突，请改其中一条。"


class FacilitiesFormSet(RowsFormSet):
    key = ("facility_id",)

    def conflicts(self, rows):
        for first, second in combinations(rows, 2):
            if first[0].facility_id == second[0].facility_id:
                yield first, second, "facility", "这个设施已经列出来了。"


class PhotoForm(forms.ModelForm):
    upload = PhotoField(label="选照片", required=True)

    class Meta:
        model = Photo
        fields = ("alt", "order", "is_archived", "is_sample")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # a photo is never exchanged behind its description: put it away and add another
            self.fields["upload"].disabled = True
            self.fields["upload"].required = False
            self.fields["upload"].widget = forms.HiddenInput()

    def save(self, commit=True):
        if self.cleaned_data.get("upload"):
            self.instance.large, self.instance.small = self.cleaned_data["upload"]
        return super().save(commit)


class HoursInline(ScopedTabularInline):
    model = OpeningHours
    form = TimesForm
    formset = HoursFormSet
    fields = ("weekday", "opens", "closes")
    verbose_name_plural = "每周开放时间"
    note = "一天分两段开门，就写两行，例如上午 8:30–12:00、下午 14:00–17:00。没写的日子就是不开门。"


class ExceptionsInline(ScopedTabularInline):
    model = OpeningException
    form = ExceptionForm
    formset = ExceptionsFormSet
    fields = ("first_day", "last_day", "opens", "closes", "reason")
    verbose_name_plural = "特殊安排（节假日、临时改时间）"
    note = "这几天按这里写的来，不按每周的时间。两个时间都不填，就是不开放。"


class FacilitiesInline(ScopedTabularInline):
    model = HomeFacility
    form = RowForm
    formset = FacilitiesFormSet
    fields = ("facility", "note")
    verbose_name_plural = "设施"
    note = "有什么写什么。说明可以不填，例如“二楼”“每周三下午”。"


class PhotosFormSet(OwnRowsFormSet):
    def is_multipart(self):
        """Django asks the first row alone, and a photo that is already there has nothing to upload."""
        return True


class PhotosInline(ScopedTabularInline):
    model = Photo
    form = PhotoForm
    formset = PhotosFormSet
    verbose_name_plural = "照片"
    note = (
        "手机直接拍的就行。上传后会自动转正、缩小，拍摄地点等隐藏信息都会去掉。"
        "请写一句图片说明；照片里有人，请先问过本人。"
    )

    def get_fields(self, request, obj=None):
        fields = ("preview", "upload", "alt", "order", "is_archived")
        return (*fields, "is_sample") if DISTRICT.key in roles_at(request, obj) else fields

    def get_readonly_fields(self, request, obj=None):
        return ("preview",)

    @admin.display(description="照片")
    def preview(self, photo):
        if not photo.pk:
            return "保存后显示"
        picture = '<a href="{}"><img class="photo-preview" src="{}" alt="{}"></a>'
        return format_html(picture, photo.large.url, photo.small.url, photo.alt)


class ToldInline(ScopedTabularInline):
    """Records that have pages of their own on the desk: told here, with the way there."""

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @staticmethod
    def led_to(page, row, words):
        """The way to a row's own page; none to a row that only a forged form has."""
        return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), words) if row.pk else ""


class DemonstrationsInline(ToldInline):
    model = Demonstration
    fields = readonly_fields = ("state", "granted_on", "valid_until", "revoked_on", "reason")
    verbose_name_plural = "示范阵地"
    note = "街道提名，区里授予，都在工作台上办。授予的记录不会消失。"

    @admin.display(description="现在")
    def state(self, demonstration):
        return self.led_to("demonstrations:demonstration", demonstration, demonstration.get_status_display())


class GrantsInline(ToldInline):
    model = Grant
    fields = readonly_fields = ("told", "status", "approved", "paid")
    verbose_name_plural = "经费"
    note = "在工作台上列计划、批准、拨付、结清。"

    @admin.display(description="哪一笔")
    def told(self, grant):
        return self.led_to("grants:grant", grant, f"{grant.year}年，{grant.purpose}")


class HostedForm(RowForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "branch" in self.fields:  # it moves by being taken off here and put on there
            self.fields["branch"].queryset = Branch.objects.filter(pk=self.instance.branch_id)
            self.fields["branch"].disabled = True


class BranchesInline(ScopedTabularInline):
    model = HostedBranch
    form = HostedForm
    fields = autocomplete_fields = ("branch",)
    owned_by = ("branch",)
    verbose_name_plural = "在这里活动的支部"
    note = "一个支部只在一个家。搬走了，在原来的家拿掉，再到新的家加上。"


PARTS = [
    HoursInline,
    ExceptionsInline,
    FacilitiesInline,
    BranchesInline,
    PhotosInline,
    DemonstrationsInline,
    GrantsInline,
]
