"""The audio library: recordings are uploaded here, and taken for what their bytes are."""

from django import forms
from django.contrib import admin
from django.core.files.storage import default_storage
from django.db import transaction

from activities.library import RecordingField
from activities.models import AudioItem
from branches.admin.filters import InStreet
from branches.scoped_admin import ScopedAdmin, ScopedRelatedFilter


class AudioForm(forms.ModelForm):
    """A recording belongs to the area of its home, or to the area chosen."""

    upload = RecordingField(label="录音", help_text="MP3、M4A、AAC、OGG 或 WAV，不超过60 MB。", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "division" in self.fields:
            self.fields["division"].required = False
            self.fields["division"].help_text = "选了家就不用选。"
        if "upload" in self.fields:
            self.fields["upload"].required = self.instance.pk is None
            self.fields["upload"].error_messages["required"] = "请选一段录音。"

    def clean(self):
        cleaned = super().clean()
        home = cleaned.get("home")
        if home is not None:
            cleaned["division"] = home.division
        elif not cleaned.get("division") and not {"home", "division"} & self.errors.keys():
            self.add_error("home", "请选是哪个家录的，或者所在区划。")
        return cleaned


@admin.register(AudioItem)
class AudioAdmin(ScopedAdmin):
    menu_order = 32
    form = AudioForm
    owned_by = ("home",)
    list_display = ("title", "reader", "length", "home", "theme", "is_public", "is_sample")
    list_filter = ("is_public", InStreet, ("theme", ScopedRelatedFilter), "is_sample")
    list_select_related = ("home", "theme")
    search_fields = ("title", "reader", "transcript")
    search_help_text = "可以搜题目、朗读的人和文字稿。"
    ordering = ("-created_at", "-pk")
    history_hidden = ("created_at", "file", "media_type")
    readonly_fields = ("length",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "reader", "upload", "length")}),
        ("文字稿", {"fields": ("transcript",), "description": "一字一句写下来，听不见的人也能看。"}),
        ("是哪里的", {"fields": ("home", "theme", "division")}),
        ("管理", {"fields": ("is_public", "is_sample")}),
    )

    @admin.display(description="多长", ordering="seconds")
    def length(self, item):
        if not item.seconds:
            return "上传以后会写在这里。"
        minutes, seconds = divmod(item.seconds, 60)
        return f"{minutes}分{seconds:02}秒" if minutes else f"{seconds}秒"

    def save_model(self, request, obj, form, change):
        """A new recording takes the place of the old one, whose file goes once all is kept."""
        heard = form.cleaned_data.get("upload")
        if heard:
            before = obj.file.name
            obj.file, obj.media_type, obj.seconds = heard.file, heard.media_type, heard.seconds
            if before:
                transaction.on_commit(lambda: default_storage.delete(before))
        super().save_model(request, obj, form, change)
