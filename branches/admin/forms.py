"""What the forms of the register share, and the forms of members."""

from django import forms
from django.forms import ModelMultipleChoiceField

from branches.membership import answers_for
from branches.models import Branch, CareClass, CommunityMembership, Member
from branches.register_cells import squeeze
from branches.report_forms import TelephoneField


class KeepsUnseen:
    """For a ModelForm: what is linked already and was not offered to this reader is not theirs to take off."""

    def clean(self):
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, ModelMultipleChoiceField) and name in cleaned and self.instance.pk:
                unseen = getattr(self.instance, name).exclude(pk__in=field.queryset.values("pk"))
                cleaned[name] = [*cleaned[name], *unseen]
        return cleaned


class MemberForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        care, now = self.fields.get("care_class"), self.instance.care_class
        if care and now not in dict(care.choices):  # one that was archived since stays until another is chosen
            known = CareClass.objects.filter(slug=now).first()
            care.choices = [*care.choices, (now, f"{known}（已归档）" if known else now)]

    def clean(self):
        cleaned = super().clean()
        building = cleaned.get("building")
        if building and not cleaned.get("compound"):
            cleaned["compound"] = building.compound
        if building and building.compound_id != cleaned["compound"].pk:
            self.add_error("building", f"“{building}”不在“{cleaned['compound']}”。")
        return cleaned

    def clean_name(self):
        """Without marks that nobody sees: 张三 is 张三, wherever it was copied from."""
        name = squeeze(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("请填姓名。")
        return name

    def clean_telephone(self):
        telephone = self.cleaned_data["telephone"]
        return TelephoneField().clean(telephone) if telephone else ""


class NewMemberForm(MemberForm):
    """Nobody is entered who belongs nowhere: a new member reports to a branch in the same step."""

    branch = forms.ModelChoiceField(Branch.objects.none(), label="报到的支部", empty_label="请选一个")
    home_unit = forms.CharField(
        label=CommunityMembership._meta.get_field("home_unit").verbose_name,
        max_length=CommunityMembership._meta.get_field("home_unit").max_length,
        help_text="组织关系还在那里，不动。",
    )

    def clean(self):
        cleaned = super().clean()
        branch, compound = cleaned.get("branch"), cleaned.get("compound")
        if branch and not answers_for(branch, compound):
            self.add_error("branch", f"“{compound}”不归“{branch}”管。请看看小区填对没有，或者报到别的支部。")
        alike = Member.objects.by_telephone(cleaned.get("telephone", "")).filter(name=cleaned.get("name"))
        if alike.exists():
            self.add_error("telephone", "这个电话登记过同名的党员，不要重复登记。请到支部工作台用“替人报到”。")
        return cleaned
