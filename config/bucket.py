"""The S3-compatible storage of FILES_URL as the portal uses it; apart from config/file_storage.py: boto3 is large."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """Files are read by the portal alone; where a page names one, it names the portal's own address of it."""

    def url(self, name, *args, **kwargs):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
