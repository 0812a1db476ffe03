"""System checks that ask the database: its roles, what its server writes down, who can log in."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 - what Django calls it
from django.db import DatabaseError, connections

from branches.models import AuditEntry
from config.demo_logins import DEMO_LOGINS


@register(Tags.database, deploy=True)
def the_role_can_do_no_more_than_it_must(app_configs, databases=None, **kwargs):
    """Whoever gets hold of the site's role should not be able to rewrite what was done, nor the whole server."""
    found = []
    for connection in (connections[alias] for alias in databases or ()):
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            is_superuser = cursor.fetchone()[0]
            cursor.execute(
                "SELECT has_table_privilege(to_regclass(%s), 'UPDATE, DELETE, TRUNCATE')",  # null before migrating
                [AuditEntry._meta.db_table],
            )
            changes_audit = cursor.fetchone()[0]
        if is_superuser:
            found.append(
                Error(
                    "网站用的数据库账号是 PostgreSQL 的超级用户：它什么都能改，审计记录也拦不住。",
                    hint="另建一个普通账号给网站用，见 docs/deploy.md 里的数据库账号。",
                    id="config.E007",
                )
            )
        elif changes_audit:
            found.append(
                Warning(
                    "网站用的数据库账号能改、能删审计记录（触发器还拦着，这是第二道）。",
                    hint=f"REVOKE UPDATE, DELETE, TRUNCATE ON {AuditEntry._meta.db_table} FROM 这个账号；"
                    "见 docs/deploy.md。",
                    id="config.W006",
                )
            )
    return found


@register(Tags.database, deploy=True)
def the_server_writes_down_no_statement(app_configs, databases=None, **kwargs):
    """In a statement that fails stand names and telephones, and in the row that its message quotes."""
    wanted = {"log_min_error_statement": {"panic", "fatal"}, "log_error_verbosity": {"terse"}}
    found = []
    for connection in (connections[alias] for alias in databases or ()):
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            for name, safe in wanted.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                if (value := cursor.fetchone()[0]) not in safe:
                    found.append(f"{name} = {value}")
    if found:
        return [
            Warning(
                f"数据库出错的时候，会把那句话抄进它自己的日志，里面有姓名（{'，'.join(found)}）。",
                hint="用超级用户运行 deploy/postgresql/roles.sql 里的 ALTER ROLE 那几行。",
                id="config.W010",
            )
        ]
    return []


@register(Tags.database, deploy=True)
def nobody_has_a_demo_log_in(app_configs, databases=None, **kwargs):
    """Their passwords stand in the code."""
    if settings.DEMO or not databases:
        return []
    try:
        found = [
            user.username
            for user in get_user_model().objects.filter(username__in=DEMO_LOGINS, is_active=True)
            if user.check_password(DEMO_LOGINS[user.username][1])
        ]
    except DatabaseError:  # not migrated yet
        return []
    if found:
        return [
            Error(
                f"试用站的账号还能登录：{'、'.join(sorted(found))}，密码谁都知道。",
                hint="在后台“用户”里停用它们，或者换掉密码；最好从空的数据库开始。",
                id="config.E008",
            )
        ]
    return []
