"""Rows that are written once."""

from django.db import models


class Appended(models.Model):
    """What happened, was paid or was said on a day is not said differently later; a mistake gets a row of its own."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError(f"{type(self).__name__} rows are appended, never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(f"{type(self).__name__} rows are appended, never deleted.")
