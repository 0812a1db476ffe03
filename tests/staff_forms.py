"""Filling in a staff form as a browser would: everything the page offered, and what the test changes."""

from django import forms


def filled(response, **changes):
    """The fields of a change or add page as they would be sent back untouched, updated with `changes`.

    A change to None takes the field out, as an unticked box does.
    """
    data = {}
    parts = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        parts += [inline.formset.management_form, *inline.formset.forms]
    for part in parts:
        for field in part:
            if field.field.disabled:
                continue
            value = field.value()
            widget = getattr(field.field.widget, "widget", field.field.widget)
            if isinstance(widget, forms.CheckboxInput):
                if value:
                    data[field.html_name] = "on"
            elif isinstance(value, (list, tuple)):
                data[field.html_name] = [getattr(each, "pk", each) for each in value]
            elif not isinstance(widget, forms.FileInput):
                shown = widget.format_value(value)
                if shown != []:  # several may be chosen and none is
                    data[field.html_name] = (
                        (shown[0] if isinstance(shown, list) else shown) if shown is not None else ""
                    )
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def errors_of(response):
    """Every message of the form and of its rows: {field name as sent: [sentence, …]}."""
    found = {}
    forms_of_page = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms_of_page += inline.formset.forms
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = list(inline.formset.non_form_errors())
    for form in forms_of_page:
        for name, sentences in form.errors.items():
            found[form.add_prefix(name)] = list(sentences)
    return found
