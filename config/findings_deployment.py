"""Checks of a deployment, for the doctor: settings, files, the way in from outside, mail, text messages, the clock."""

import shutil
import socket
import ssl
import stat
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import mailers
from django.db import connection
from django.utils import timezone

from branches import audit, texting
from config.findings import check, fine, look_at, wrong

SECONDS = 10  # for another machine to answer
TRIED = b"portal"  # what is written to the bucket to see whether it can be
CLOCK_OFF = timedelta(seconds=5)
CERTIFICATE_LEFT = timedelta(days=14)  # certbot renews 30 days before


@check("settings", "设置", deployment=True)
def system_checks():
    """Those of Django and of config/checks.py, also about the role in the database."""
    found = checks.run_checks(include_deployment_checks=not settings.DEMO, databases=["default"])
    return [
        (wrong if each.level >= checks.ERROR else look_at)(f"{each.msg}（{each.id}）", each.hint or "", key=each.id)
        for each in found
        if not each.is_silenced()
    ] or fine("没有不妥。")


@check("audit-chain", "审计链，从头核对", deployment=True)
def audit_chain():
    faults = audit.verify()
    todo = "先把数据库和日志原样留好，不要改动，再报区里。见 docs/technician.md“核对审计记录”。"
    return (
        wrong(f"有{len(faults)}处对不上：{faults[0]}", todo) if faults else fine(f"完整，第{audit.head()[0]}条为止。")
    )


@check("files", "文件的权限", deployment=True)
def files():
    """What holds keys or personal data, and can be read by whoever has an account on this machine."""
    secret = [Path(settings.ENV_FILE), settings.DATA_DIR / "private", settings.BACKUP_DIR]
    secret += settings.DATA_DIR.glob("*.sqlite3")
    open_to_all = [
        path
        for path in secret
        if (path.is_file() or path.is_dir()) and path.stat().st_mode & stat.S_IRWXO and _reachable(path)
    ]
    return [
        wrong(f"{path} 这台机器上的谁都能读。", f"运行 chmod o-rwx {path}；钥匙可能被看过的话要换。", key=path.name)
        for path in open_to_all
    ] or fine("钥匙、数据库、私密文件别人读不到。")


def _reachable(path):
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


@cache
def _files_of_this_code():
    """As its pages name them, looked for once: the folder may hold a newer release before this one is over."""
    return frozenset(path for finder in finders.get_finders() for path, _ in finder.list(["*.md", "README*"]))


@check("static", "样式和脚本", ready=True, deployment=True)
def static_files():
    """Whether the names of all files were known when this process began: without them no page can be put together."""
    todo = "运行 manage.py collectstatic --noinput（make setup 里有），再重启网站。"
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return fine("不用收集。")
    missing = _files_of_this_code() - set(staticfiles_storage.hashed_files)
    return wrong(f"有{len(missing)}个文件没有收集，例如 {min(missing)}。", todo) if missing else fine("都收集了。")


@check("bucket", "放文件的桶", deployment=True)
def bucket():
    """Whether the storage of FILES_URL takes a file, gives it back as it was, and lets go of it."""
    if not settings.STORAGES["default"]["BACKEND"].endswith("Bucket"):
        return fine("没有设 FILES_URL，文件就在这台机器上。")
    return [_tried(storages[alias], folder) for alias, folder in (("default", "media"), ("private", "private"))]


def _tried(storage, folder):
    doing = "存"
    try:
        name = storage.save("doctor.txt", ContentFile(TRIED))
        doing = "读"
        with storage.open(name) as file:
            same = file.read() == TRIED
        doing = "删"
        storage.delete(name)
    except Exception as error:  # whatever another machine may answer
        answer = getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__
        return wrong(
            f"在 {folder}/ 里试着{doing}一个小文件，没有成（{answer}）。照片、录音和材料会{doing}不了。",
            "核对 FILES_URL 里的地址、端口、钥匙和桶的名字；看存储在不在、满没满，这把钥匙在桶里能不能存、读、删。"
            "改了 .env 要重启网站。",
            key=folder,
        )
    if not same:
        return wrong(f"在 {folder}/ 里试存的小文件，读回来不一样。", "请管存储的人看看，是什么改动了文件。", key=folder)
    return fine(f"{folder}/ 里存得进、读得出、删得掉。")


@check("proxy", "从外面打开", deployment=True)
def proxy():
    """Whether the proxy in front is there, and says that readers come by https."""
    if not settings.SITE_ADDRESS:
        return look_at("没有写 SITE_ADDRESS，没法从外面试一试。", "在 .env 里写上网站的地址，https:// 开头。")
    todo = "看 nginx 和证书：nginx -t，systemctl status nginx，证书有没有过期。见 docs/deploy.md。"
    try:
        answer = _ask(f"{settings.SITE_ADDRESS}/robots.txt")
    except OSError as error:
        return wrong(f"{settings.SITE_ADDRESS} 打不开（{getattr(error, 'reason', error)}）。", todo)
    if answer.status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND):
        return wrong(
            "网站以为读者用的是 http，一直让浏览器转来转去。",
            "nginx 里要有 proxy_set_header X-Forwarded-Proto $scheme; 并且盖掉外面带来的。",
        )
    if answer.status != HTTPStatus.OK:
        return wrong(f"{settings.SITE_ADDRESS} 回答的是{answer.status}。", todo)
    return fine("打得开，是 https。")


@check("certificate", "证书", deployment=True, alert=True)
def certificate():
    """How long it still holds. Another program renews it, and tells nobody when it fails."""
    site = urlsplit(settings.SITE_ADDRESS)
    if site.scheme != "https":
        return fine("没有 https 的地址，不用证书。")
    todo = "certbot renew 看它说什么，好了再 systemctl reload nginx。见 docs/deploy.md 的“证书”。"
    try:
        left = _certificate_ends(site.hostname, site.port or 443) - timezone.now()
    except ssl.SSLCertVerificationError as error:
        return wrong(f"浏览器不认这张证书（{error.verify_message}）。", todo)
    except OSError:
        return fine("从这台机器上连不上，没有看成：打不打得开，看“从外面打开”。")
    if left < CERTIFICATE_LEFT:
        return wrong(f"证书还有{left.days}天到期，没有自己换上新的。", todo)
    return fine(f"还有{left.days}天到期。")


def _certificate_ends(host, port):
    with (
        socket.create_connection((host, port), SECONDS) as line,
        ssl.create_default_context().wrap_socket(line, server_hostname=host) as encrypted,
    ):
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(encrypted.getpeercert()["notAfter"]), UTC)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def _ask(address):
    try:
        with urllib.request.build_opener(_Stay).open(address, timeout=SECONDS) as answer:
            return answer
    except urllib.error.HTTPError as answer:
        return answer


@check("mail", "邮件", deployment=True)
def mail():
    if not settings.SENDS_EMAIL:
        return fine("没有设邮件，改为打电话通知。")
    try:
        mailer = mailers["default"]
        mailer.open()
        mailer.close()
    except Exception as error:  # whatever a mail server may do
        return wrong(f"邮件服务器连不上（{type(error).__name__}）。", "核对 EMAIL_URL 的地址、端口、用户名和密码。")
    return fine("连得上。")


@check("sms", "短信", deployment=True)
def sms():
    if not settings.SMS_GATEWAY:
        return fine("没有设短信，改为打电话通知。")
    try:
        texting.gateway()
    except Exception as error:  # somebody else's class
        return wrong(
            f"短信网关用不了（{type(error).__name__}）。", "核对 SMS_GATEWAY：一个类的完整名字，装在同一个环境里。"
        )
    return fine("网关在。要真的发一条，才知道通不通。")


@check("told", "出了事告诉谁", deployment=True)
def somebody_is_told():
    if settings.ALERT_WEBHOOK or (settings.ALERT_EMAIL and settings.SENDS_EMAIL):
        return fine("有邮箱或者接口。")
    return look_at("没有设：出了事没有人知道。", "在 .env 里写 ALERT_EMAIL（还要有 EMAIL_URL）或者 ALERT_WEBHOOK。")


@check("clock", "时钟", deployment=True)
def clock():
    todo = "装上并打开对时：apt install systemd-timesyncd，timedatectl set-ntp true。动态码和报名的先后都靠它。"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off = abs(cursor.fetchone()[0] - timezone.now())
        if off > CLOCK_OFF:
            return wrong(f"和数据库的时钟差{off.total_seconds():.0f}秒。", todo)
    program = shutil.which("timedatectl")
    asked = program and subprocess.run(  # noqa: S603 - the machine's own program
        [program, "show", "--property=NTPSynchronized", "--value"], capture_output=True, text=True, check=False
    )
    if asked and asked.stdout.strip() == "no":
        return look_at("这台机器没有在对时。", todo)
    return fine(f"{timezone.localtime():%Y-%m-%d %H:%M:%S}。")
