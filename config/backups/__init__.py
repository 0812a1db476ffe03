"""Backups: one sealed file each, with the database, the files and a list of what has to be in it (docs/backup.md)."""


class BackupError(Exception):
    """Why there is no backup, or nothing was restored: a sentence for the technician."""
