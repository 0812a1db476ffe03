"""Every record there is, to be compared with what stands there later."""

from django.apps import apps


def snapshot():
    """Every record and every link between records; not when a row was last saved, nor its history, nor the audit trail,
    which notes what was refused.
    """
    kept = {}
    for model in apps.get_models(include_auto_created=True):
        ours = model._meta.app_label in ("branches", "homes", "volunteers", "activities")
        if ours and not model.__name__.startswith(("Historical", "Audit")):
            fields = [field.attname for field in model._meta.concrete_fields if not getattr(field, "auto_now", False)]
            kept[model._meta.label] = list(model._default_manager.order_by("pk").values_list(*fields))
    return kept
