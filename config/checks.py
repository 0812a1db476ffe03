"""System checks: an unsafe production explains itself before it serves anybody. `manage.py doctor` shows them too."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 - what Django calls it

SHORTEST_KEY = 32  # characters
READ_OR_WRITTEN_BY_OTHERS = 0o006


@register(Tags.security, deploy=True)
def demo_is_not_production(app_configs, **kwargs):
    """Demo mode has a fixed key and printed log-ins."""
    if settings.DEMO and settings.HTTPS:
        return [
            Error(
                "DEMO=1 和 HTTPS=1 同时写着：试用站不能对外。",
                hint="写 DEMO=0，并写好 SECRET_KEY、ALLOWED_HOSTS 和钥匙，见 .env.example。",
                id="config.E001",
            )
        ]
    return []


@register(Tags.caches, deploy=True)
def cache_is_shared(app_configs, **kwargs):
    """The content version lives in the default cache: in a store of one process, the others go on serving old pages."""
    if settings.CACHES["default"]["BACKEND"].endswith((".LocMemCache", ".DummyCache")):
        return [
            Error(
                "CACHE_URL 写的缓存各个进程不共用：改了内容，有的进程还给人看旧的，次数限制也不准。",
                hint="去掉 CACHE_URL（就用数据库里的一张表），或者写一个 Redis。",
                id="config.E002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def keys_are_ones_own(app_configs, **kwargs):
    """The keys of a demo stand in the code for everybody to read; a short one can be guessed."""
    known = (
        settings.DEMO_KEY in settings.FIELD_KEYS
        or settings.DEMO_BACKUP_KEY in settings.BACKUP_KEYS
        or settings.SECRET_KEY.startswith("demo-only-")
    )
    if not settings.DEMO and (known or len(settings.INDEX_KEY) < SHORTEST_KEY):
        return [
            Error(
                "钥匙是试用站的，或者 INDEX_KEY 太短：加密等于没有。",
                hint="SECRET_KEY 和 INDEX_KEY 各用一行 make secret 打印的，FIELD_KEYS 和 BACKUP_KEYS 各用一行 "
                "make field-key 打印的。已经存了个人信息的，先看 docs/technician.md“换钥匙”。",
                id="config.E003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def backups_have_keys_of_their_own(app_configs, **kwargs):
    """Whoever carries backups about must not be able to read the telephones inside."""
    if set(settings.BACKUP_KEYS) & set(settings.FIELD_KEYS):
        return [
            Error(
                "BACKUP_KEYS 和 FIELD_KEYS 里有同一把钥匙：谁能打开备份，谁就能看到里面的电话。",
                hint="再运行一次 make field-key，把打印的一行写成 BACKUP_KEYS；以前的备份要用旧的那一把，"
                "见 docs/backup.md。",
                id="config.E009",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def readers_come_by_https(app_configs, **kwargs):
    """Codes, telephones and passwords must not be read on the way."""
    if not settings.DEMO and (not settings.HTTPS or settings.SITE_ADDRESS.startswith("http://")):
        return [
            Error(
                "HTTPS=0，或者 SITE_ADDRESS 是 http:// 开头的：密码、电话和查询码在路上谁都看得见。",
                hint="去掉 HTTPS=0，SITE_ADDRESS 写 https:// 开头的；证书怎么装，见 docs/deploy.md。",
                id="config.E004",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs, **kwargs):
    """Any name would be taken for ours, and find its way into links and QR codes."""
    if not settings.DEMO and any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        return [
            Error(
                "ALLOWED_HOSTS 里有通配的名字（* 或者 . 开头）：别人可以用自己的域名冒充网站。",
                hint="逐个写网站的域名，中间用逗号。",
                id="config.E005",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def data_are_not_served(app_configs, **kwargs):
    """What lies in the folder of style sheets goes out to whoever asks for it: the database, too."""
    if any(settings.DATA_DIR.is_relative_to(folder) for folder in settings.STATICFILES_DIRS):
        return [
            Error(
                f"DATA_DIR（{settings.DATA_DIR}）在样式文件夹里：数据库会被当成样式发给任何人。",
                hint="写一个程序文件夹以外的地方，例如 /var/lib/portal。",
                id="config.E006",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def data_are_not_open_to_all(app_configs, **kwargs):
    """Other accounts of the machine have no business with the database, the photographs or the backups."""
    if not settings.DEMO and settings.DATA_DIR.stat().st_mode & READ_OR_WRITTEN_BY_OTHERS:
        return [
            Warning(
                f"DATA_DIR（{settings.DATA_DIR}）这台机器上的谁都能看。",
                hint=f"运行 chmod o-rw {settings.DATA_DIR}。",
                id="config.W004",
            )
        ]
    return []


@register(deploy=True)
def licence_is_decided(app_configs, **kwargs):
    """What others may do with the data is not ours to say."""
    if settings.OPEN_DATA_LICENCE == settings.LICENCE_OF_OURS:
        return [
            Warning(
                "OPEN_DATA_LICENCE 没有写：别人可以怎样用开放数据，现在这一句是程序自带的，不算数。",
                hint="请区里定下来，把那一句写进 .env。",
                id="config.W005",
            )
        ]
    return []


@register(deploy=True)
def telephone_is_given(app_configs, **kwargs):
    """Whoever is lost on the site must be able to ring somebody."""
    if not settings.SITE_TELEPHONE:
        return [
            Warning(
                "SITE_TELEPHONE 没有写：页面上没有电话可打。",
                hint="写居民打得通的电话，见 .env.example。",
                id="config.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def second_step_is_required(app_configs, **kwargs):
    """A password alone should not open the register of members."""
    if not settings.STAFF_REQUIRE_MFA:
        return [
            Warning(
                "STAFF_REQUIRE_MFA 关着：只要一个密码就能打开党员名册。",
                hint="去掉这一行，或者写成1。",
                id="config.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def log_ins_are_no_looser(app_configs, **kwargs):
    """What 等保 8.1.4.1 and ASVS 6.2, 7.3 ask for; to be stricter is everybody's choice."""
    least = {"PASSWORD_LENGTH": 10, "PASSWORD_LENGTH_TECHNICIAN": 15}
    most = {"SESSION_IDLE_MINUTES": 30, "SESSION_HOURS": 12}
    loose = [f"{name} 至少{number}" for name, number in least.items() if getattr(settings, name) < number]
    loose += [f"{name} 最多{number}" for name, number in most.items() if getattr(settings, name) > number]
    if loose:
        return [
            Warning(
                f"登录的规矩太松：{'，'.join(loose)}。",
                hint="去掉这几行，就是合适的。",
                id="config.W011",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def proxies_are_known(app_configs, **kwargs):
    """Behind a proxy that is not named, everybody seems to come from one address: one guesser would shut out all.

    Where everybody counts as a proxy, whoever asks may say where from.
    """
    if any(network.prefixlen == 0 for network in settings.TRUSTED_PROXIES):
        return [
            Error(
                "TRUSTED_PROXIES 写了所有的地址：谁都可以说自己从哪里来，次数限制和登录的锁都不管用。",
                hint="只写反向代理自己的地址，例如同一台机器上的 nginx 是 127.0.0.1。",
                id="config.E010",
            )
        ]
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "TRUSTED_PROXIES 没有写，可是 HTTPS=1 说明前面有反向代理："
                "所有人看起来都来自一个地址，一个人乱试密码，大家都登不进去。",
                hint="写反向代理的地址，例如同一台机器上的 nginx 是 127.0.0.1。",
                id="config.W003",
            )
        ]
    return []


@register(deploy=True)
def backups_can_be_sealed(app_configs, **kwargs):
    """A portal of which nobody can make a backup is lost with its disk."""
    if not settings.BACKUP_KEYS:
        return [
            Warning(
                "BACKUP_KEYS 没有写：manage.py backup 不做没有加密的备份。",
                hint="运行 make field-key，把打印的一行写进去，见 docs/backup.md。",
                id="config.W009",
            )
        ]
    return []
