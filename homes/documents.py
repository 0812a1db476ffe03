"""Uploaded documents: taken for what their bytes are, never for their names, and kept under a drawn name.

Pictures are encoded anew (homes/photos.py). A document is refused where it carries programs.
"""

import lzma
import secrets
import struct
import zipfile
import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from homes.photos import renditions

MOST_BYTES = 10 * 1024 * 1024
UNPACKED_MOST = 100 * 1024 * 1024  # bytes: more than a document of that size becomes
PARTS_MOST = 3000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
IN_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile")
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, RuntimeError, NotImplementedError,
    EOFError, ValueError,
)  # fmt: skip
IN_OFFICE = ("vbaproject", "activex", "embeddings/")

# what a kept file is served as: by what it was found to be, never by its name
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "webp": "image/webp",
}

WHAT = "PDF、Word（docx）、Excel（xlsx）或者照片（JPG、PNG、WebP）"
WRONG = f"这种文件不能上传。请换成{WHAT}。"
OLD = "这是旧格式的 Word 或 Excel。请打开后另存为 docx、xlsx 或 PDF，再上传。"
EMPTY = "这个文件是空的，请重新选一次。"
HEAVY = "文件太大了，超过 10 MB。请压缩一下，或者分成几个。"
BROKEN = "这个文件打不开，可能没有传完整。请重新选一次。"
ACTIVE = "这个文件里带有程序（宏、脚本或者嵌着别的文件），不能上传。请另存为不带宏的文件，或者 PDF。"


def checked(uploaded):
    """Return (`ContentFile` under a drawn name, kind) of a Django file; kind is pdf, docx, xlsx or webp.

    Raises `ValidationError` with a sentence for the person who chose the file.
    """
    if uploaded.size > MOST_BYTES:
        raise ValidationError(HEAVY, code="heavy")
    uploaded.seek(0)
    content = uploaded.read()
    if not content:
        raise ValidationError(EMPTY, code="empty")
    if content.startswith(PICTURES):
        return renditions(uploaded)[0], "webp"
    if content.startswith(b"%PDF-"):
        return _named(_pdf(content), "pdf"), "pdf"
    if content.startswith(b"PK\x03\x04"):
        kind = _office(content)
        return _named(content, kind), kind
    raise ValidationError(OLD if content.startswith(b"\xd0\xcf\x11\xe0") else WRONG, code="wrong")


def _named(content, kind):
    return ContentFile(content, name=f"{secrets.token_hex(16)}.{kind}")


def _pdf(content):
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(BROKEN, code="broken")
    if any(each in content for each in IN_PDF):
        raise ValidationError(ACTIVE, code="active")
    return content


def _office(content):
    """docx or xlsx, by the part that every one of them has."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
                raise ValidationError(HEAVY, code="heavy")
            names = {part.filename for part in parts}
            kinds = [kind for part, kind in OFFICE.items() if part in names]
            if "[Content_Types].xml" not in names or len(kinds) != 1:
                raise ValidationError(WRONG, code="wrong")
            types = archive.read("[Content_Types].xml")
            if archive.testzip() is not None:
                raise ValidationError(BROKEN, code="broken")
    except UNREADABLE as error:
        raise ValidationError(BROKEN, code="broken") from error
    if b"macroEnabled" in types or any(word in name.lower() for name in names for word in IN_OFFICE):
        raise ValidationError(ACTIVE, code="active")
    return kinds[0]
