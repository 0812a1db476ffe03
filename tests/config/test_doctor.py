"""The doctor's own checks of a deployment, and the system checks that ask the database."""

import socket
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from ipaddress import IPv4Address
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from branches.audit import Action, record
from branches.models import User
from config import checks_database, findings_deployment
from config.demo_logins import DEMO_LOGINS
from config.findings import Level
from tests.audit_triggers import without_audit_triggers
from tests.config.watching import level, said


@pytest.fixture
def outside(monkeypatch):
    """`outside(status)`: what the site answers to whoever comes from outside."""
    return lambda status: monkeypatch.setattr(
        findings_deployment, "_ask", lambda address: SimpleNamespace(status=status)
    )


def test_the_doctor_explains_each_finding_and_ends_with_1(place, db, settings, capsys, outside):
    outside(200)
    settings.SITE_ADDRESS, settings.ALERT_WEBHOOK = "https://portal.example.cn", "https://hooks.example.cn"
    secret = place / "portal.sqlite3"
    secret.touch(mode=0o600)
    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    told = capsys.readouterr().out
    assert end.value.code == 1
    assert "config.E002" in told  # the tests' cache is of one process
    assert "[正常] 文件的权限" in told
    settings.BACKUP_DIR.joinpath("portal.backup").unlink()
    with pytest.raises(SystemExit):
        call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert all("怎么办" in lines[place + 1] for place, line in enumerate(lines) if line.startswith("[要处理]"))
    assert any("一份备份也没有" in line for line in lines)


def test_a_file_with_keys_that_everybody_can_read(place, settings, monkeypatch):
    monkeypatch.setattr(findings_deployment, "_reachable", lambda path: True)
    keys = place / "environment"
    keys.touch(mode=0o600)
    settings.ENV_FILE, settings.BACKUP_DIR = str(keys), place / "none"
    assert level("files") == Level.FINE
    keys.chmod(0o644)
    assert "environment" in said("files")


@pytest.mark.parametrize(("status", "expected"), [(200, Level.FINE), (301, Level.WRONG), (502, Level.WRONG)])
def test_the_way_in_from_outside(settings, outside, status, expected):
    settings.SITE_ADDRESS = "https://portal.example.cn"
    outside(status)
    assert level("proxy") == expected


def test_a_certificate_that_is_not_renewed(settings, monkeypatch):
    settings.SITE_ADDRESS = "https://portal.example.cn"

    def ends(moment):
        monkeypatch.setattr(findings_deployment, "_certificate_ends", lambda host, port: moment)
        return level("certificate")

    assert ends(timezone.now() + timedelta(days=14, minutes=1)) == Level.FINE
    assert ends(timezone.now() + timedelta(days=13, hours=23)) == Level.WRONG
    assert "还有13天到期" in said("certificate")


def test_a_certificate_of_nobody(settings, tmp_path):
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    self_signed(key, chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.SITE_ADDRESS = f"https://127.0.0.1:{listening.getsockname()[1]}"

        def answer():
            with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True):
                pass

        answering = threading.Thread(target=answer)
        answering.start()
        assert "浏览器不认这张证书" in said("certificate")
        answering.join()
    assert level("certificate") == Level.FINE  # nobody listens there any more: another check tells of that


def self_signed(key, chain):
    """A certificate that no browser takes."""
    made, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(
            name, name, made.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(made, hashes.SHA256())
    )
    form = serialization
    key.write_bytes(made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    chain.write_bytes(certificate.public_bytes(form.Encoding.PEM))


def test_mail_and_text_messages_are_tried(settings):
    settings.SENDS_EMAIL, settings.SMS_GATEWAY = True, "tests.nowhere.Gateway"
    assert level("mail") == Level.FINE  # the tests' own
    assert level("sms") == Level.WRONG


def test_style_sheets_that_were_not_collected(settings, tmp_path, monkeypatch):
    assert level("static") == Level.FINE
    stored = ManifestStaticFilesStorage(tmp_path)  # an empty folder
    monkeypatch.setattr(findings_deployment, "staticfiles_storage", stored)
    assert "没有收集" in said("static")


def test_the_doctor_reads_the_whole_chain(db):
    record(Action.LOG_IN)
    assert level("audit-chain") == Level.FINE
    with without_audit_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE branches_auditentry SET label = 'x'")
    assert level("audit-chain") == Level.WRONG


def test_a_demo_log_in_is_found_by_its_password(db, settings):
    settings.DEMO = False
    password = DEMO_LOGINS["admin"][1]
    user = User.objects.create_superuser("admin", password=password)
    assert [found.id for found in checks_database.nobody_has_a_demo_log_in(None, databases=["default"])] == [
        "config.E008"
    ]
    user.set_password("something quite different")
    user.save()
    assert checks_database.nobody_has_a_demo_log_in(None, databases=["default"]) == []


def test_the_role_may_not_rewrite_what_was_done(db):
    def found():
        return [each.id for each in checks_database.the_role_can_do_no_more_than_it_must(None, databases=["default"])]

    if connection.vendor == "sqlite":
        assert found() == []
        return
    assert found() == ["config.E007"]  # the tests' own role
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE site; GRANT ALL ON branches_auditentry TO site; SET ROLE site")
        assert found() == ["config.W006"]
        cursor.execute("RESET ROLE; REVOKE UPDATE, DELETE, TRUNCATE ON branches_auditentry FROM site; SET ROLE site")
        assert found() == []
        cursor.execute("RESET ROLE")


def test_the_server_of_the_database_writes_down_no_names(db):
    def found():
        return [each.msg for each in checks_database.the_server_writes_down_no_statement(None, databases=["default"])]

    if connection.vendor == "sqlite":
        assert found() == []
        return
    (message,) = found()
    assert "log_min_error_statement = error，log_error_verbosity = default" in message  # as PostgreSQL comes
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = panic")
        assert len(found()) == 1
        cursor.execute("SET LOCAL log_error_verbosity = terse")
    assert found() == []
