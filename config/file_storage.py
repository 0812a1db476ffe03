"""Where photographs, recordings and papers are kept when several web machines share them: FILES_URL."""

from urllib.parse import parse_qs, unquote, urlsplit


def storages(url):
    """The two storages of a setting such as s3://key:secret@host:port/bucket?region=cn-east-1; ?tls=0 for http.

    Nobody but the portal reads the bucket: every file is served by a view that asks who is looking. ValueError where
    a part is missing.
    """
    parts = urlsplit(url)
    bucket, asked = parts.path.strip("/"), parse_qs(parts.query)
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password and bucket):
        raise ValueError(url)
    tls = asked.get("tls") != ["0"]
    port = f":{parts.port}" if parts.port else ""
    options = {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{'https' if tls else 'http'}://{parts.hostname}{port}",
        "region_name": asked.get("region", [None])[0],
        "addressing_style": "path",
        "default_acl": None,
        "file_overwrite": False,
    }
    return {
        alias: {"BACKEND": "config.bucket.Bucket", "OPTIONS": options | {"location": folder}}
        for alias, folder in (("default", "media"), ("private", "private"))
    }
