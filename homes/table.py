"""What every Excel table of records has in common: blank cells say nothing, each row tells what it changes."""

from import_export.resources import ModelResource

ROW = "\0row"  # the column that carries each row's number in Excel


class Table(ModelResource):
    """A table for one user, who reads and writes only within their posts.

    `warnings` collects (row number, sentence) of what may be right but must be looked at.
    """

    row_column = ROW
    about_new = ""

    class Meta:
        skip_diff = True  # told by `after_import_row`; a deep copy of every row would take most of the time
        report_skipped = False
        store_row_values = store_instance = True
        use_transactions = True

    def __init__(self, user):
        super().__init__()
        self.user = user
        self.warnings, self.seen, self.import_fields = [], {}, []

    @property
    def headings(self):
        return self.get_export_headers()

    def texts(self, record):
        """{column: text} of everything the table may change."""
        return {field.column_name: field.export(record) for field in self.get_import_fields()}

    def get_import_fields(self):
        """The same for every row, so asked once."""
        if not self.import_fields:
            self.import_fields = super().get_import_fields()
        return self.import_fields

    def seen_before(self, key, row):
        """The number of the row that was about the same record, or None."""
        first = self.seen.setdefault(key, row[ROW])
        return first if key and first != row[ROW] else None

    def after_init_instance(self, instance, new, row, **kwargs):
        instance.sheet_before = self.texts(instance)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not import_validation_errors and self.texts(instance) == instance.sheet_before

    def after_import_row(self, row, row_result, **kwargs):
        """Tell what the row changes, as (column, old text, new text)."""
        record = row_result.instance
        if not row_result.is_skip():
            now, before = self.texts(record), record.sheet_before
            row_result.diff = [(name, old, now[name]) for name, old in before.items() if old != now[name]]

    def before_save_instance(self, instance, row, **kwargs):
        instance._history_user, instance._change_reason = self.user, "表格导入"
