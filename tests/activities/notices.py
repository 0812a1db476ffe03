"""A notice for the tests, as its verbs make it, and files to go with one."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from activities import notices
from activities.models import Notice

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def draft(home, by, **fields):
    notice = Notice(**{"title": "停水通知", "body": "星期三停水。", "source": "示例社区", "home": home} | fields)
    return notices.write(notice, by=by)


def published(home, by, **fields):
    return notices.publish(draft(home, by, **fields), by=by)


def upload(content, name="通知.pdf"):
    return SimpleUploadedFile(name, content)


def office(part="word/document.xml", types=b"<Types/>", **more):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, b"<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()
