"""A file that only the keys of BACKUP_KEYS open, written and read piece by piece.

After the head (what it is, which key, a salt) come pieces of AES-256-GCM: length, content, tag. The nonce of each is
its number and whether it is the last one, so that none can be changed, moved, left out or cut off without being found.
The key of a file is drawn from the key of the setting and the salt: no nonce is ever used twice with one key.
"""

import base64
import hashlib
import io
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.backups import BackupError

MAGIC = b"portal backup 1\n"
PIECE = 1024 * 1024  # bytes
TAG = 16
NAME, SALT = 8, 16  # bytes: of a key's name, of the salt

NO_BACKUP = "这不是门户的备份文件。"
NO_KEY = "打不开：BACKUP_KEYS里没有封这份备份的钥匙。请把当时的那一把加到后面，再来一次。"
CUT = "这份备份不完整：后面缺了一截。请换一份。"


def _name(key):
    """What a file says of its key: enough to tell keys apart."""
    return hashlib.sha256(b"backup key" + key.encode()).digest()[:NAME]


def _cipher(key, salt):
    drawn = HKDF(SHA256(), 32, salt=salt, info=b"portal backup").derive(base64.urlsafe_b64decode(key))
    return AESGCM(drawn)


def _nonce(number, *, last):
    return number.to_bytes(11) + bytes([last])


class SealedWriter(io.RawIOBase):
    """Seals what is written with the key. Only `finish` makes it whole."""

    def __init__(self, file, key):
        self._file, self._held, self._number = file, bytearray(), 0
        salt = os.urandom(SALT)
        self._head, self._cipher = MAGIC + _name(key) + salt, _cipher(key, salt)
        file.write(self._head)

    def writable(self):
        return True

    def write(self, data):
        self._held += data
        while len(self._held) > PIECE:  # the last piece stays until it is known to be the last
            self._put(self._held[:PIECE], last=False)
            del self._held[:PIECE]
        return len(data)

    def finish(self):
        self._put(self._held, last=True)

    def _put(self, piece, *, last):
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), bytes(piece), self._head)
        self._file.write(len(sealed).to_bytes(4) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens a sealed file with one of the keys. Whatever it returns is as it was written."""

    def __init__(self, file, keys):
        self._file, self._held, self._number, self._ended = file, b"", 0, False
        self._head = file.read(len(MAGIC) + NAME + SALT)
        if not self._head.startswith(MAGIC):
            raise BackupError(NO_BACKUP)
        name, salt = self._head[len(MAGIC) : -SALT], self._head[-SALT:]
        key = next((key for key in keys if _name(key) == name), None)
        if key is None:
            raise BackupError(NO_KEY)
        self._cipher = _cipher(key, salt)

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._held and not self._ended:
            self._held = self._piece()
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size

    def _piece(self):
        length = int.from_bytes(self._file.read(4))
        sealed = self._file.read(min(length, PIECE + TAG))
        if not TAG <= length == len(sealed):
            raise BackupError(CUT if len(sealed) < PIECE + TAG else self._broken())
        at_end = not self._file.peek(1)
        try:
            piece = self._cipher.decrypt(_nonce(self._number, last=at_end), sealed, self._head)
        except InvalidTag:
            raise BackupError(self._what_is_wrong(sealed, at_end=at_end)) from None
        self._number, self._ended = self._number + 1, at_end
        return piece

    def _what_is_wrong(self, sealed, *, at_end):
        """Whether the last piece there is was meant to be followed by others, or is broken."""
        if at_end:
            try:
                self._cipher.decrypt(_nonce(self._number, last=False), sealed, self._head)
            except InvalidTag:
                pass
            else:
                return CUT
        return self._broken()

    def _broken(self):
        return f"这份备份坏了：第{self._number + 1}块（每块1 MB）的内容被改动过，或者磁盘坏了。请换一份。"
