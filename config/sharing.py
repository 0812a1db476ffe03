"""What the head of a public page says of it to search engines, to WeChat and to the rules for public bodies.

A view tells what base.html cannot know by itself, in its context:

* `shared_picture`: a `Shared` of config/shared_pictures.py; without one the picture of the portal is shown;
* `article`: an `Article`, of a page that somebody published at a moment;
* `question`: a query that makes another page of the address (the months of the calendar). Pages of a list say so by
  themselves; filters and searches belong to the list they narrow.
"""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from branches.samples import MARK, marked
from config import english
from config.pictures import HEIGHT, WIDTH
from config.shared_pictures import of_portal
from config.site import address_of

# forms for anybody that are passed on: not stored like public pages, and no less public
FORMS = {
    "homes:near", "activities:sign_up", "activities:here", "activities:enrol", "volunteers:join", "volunteers:ask",
    "letters:write",
}  # fmt: skip


class Article(NamedTuple):
    """What was published when, and by whom."""

    title: str
    at: datetime
    source: str
    is_sample: bool = False


class Section(NamedTuple):
    """A column (栏目) of the site, as 《政府网站发展指引》 wants it named: what it is called, what kind it is."""

    name: str
    kind: str
    keywords: str


SECTIONS = {
    "front": Section("首页", "首页", "老党员之家,离退休党员,社区服务"),
    "homes:directory": Section("找个家", "办事服务", "老党员之家,地址,电话,开放时间"),
    "homes:themes": Section("主题", "概况信息", "老党员之家,主题,故事"),
    "homes:near": Section("离我最近", "办事服务", "老党员之家,附近,怎么走"),
    "circles:circles": Section("十五分钟服务圈", "数据发布", "十五分钟服务圈,步行,老党员之家"),
    "applications:notices": Section("新家公示", "通知公告", "公示,建家申报,老党员之家"),
    "activities:listing": Section("活动", "工作动态", "活动,讲座,报名,老党员之家"),
    "activities:month": Section("活动月历", "工作动态", "活动,月历,老党员之家"),
    "activities:courses": Section("课程和队伍", "办事服务", "课程,老年学习,文艺队伍"),
    "activities:notices": Section("通知公告", "通知公告", "通知,公告,老党员之家"),
    "activities:library": Section("有声图书馆", "工作动态", "有声读物,朗读,老党员之家"),
    "letters:list": Section("民声邮筒", "互动交流", "来信,答复,民声邮筒"),
    "projects:list": Section("共建项目", "工作动态", "共建项目,邻里,账目"),
    "volunteers:help": Section("要帮忙", "办事服务", "求助,志愿服务,上门"),
    "volunteers:teams": Section("志愿服务队", "概况信息", "志愿服务,队伍,老党员"),
    "branches": Section("支部", "概况信息", "银龄支部,老党员"),
    "figures": Section("数字", "数据发布", "数字,统计,老党员之家"),
    "about": Section("关于", "概况信息", "美在金秋,老党员之家"),
    "api": Section("开放数据", "数据发布", "开放数据,接口,老党员之家"),
}


def is_public(request):
    """Whether the page is one that is passed on: a public one, or a form for anybody."""
    match = getattr(request, "resolver_match", None)
    return match is not None and (getattr(match.func, "public_page", False) or match.view_name in FORMS)


def canonical(request, context):
    """The one address of a page, whatever else stands behind the question mark."""
    page = context.get("page")
    question = context.get("question", "")
    if isinstance(page, Page) and page.number > 1 and set(request.GET) == {"page"}:
        question = f"?page={page.number}"
    return f"{address_of(request)}{request.path}{question}"


def head(request, context, title, description):
    """The tags of a page in its head. `title` and `description` are safe: the page's own blocks, rendered."""
    site, address = address_of(request), canonical(request, context)
    shown, article = context.get("shared_picture") or of_portal(), context.get("article")
    if shown.picture.is_sample or (article and article.is_sample):
        title = format_html("{}{}", _(MARK), title)
    lines = [
        format_html('<link rel="canonical" href="{}">', address),
        _name("SiteDomain", urlsplit(site).netloc),
        _property("og:site_name", english.plain_name(settings.SITE_NAME)),
        _property("og:locale", "en_GB" if english.is_on() else "zh_CN"),
        _property("og:url", address),
        format_html('<meta property="og:title" itemprop="name" content="{}">', title),
        _property("og:description", description),
        format_html('<meta property="og:image" itemprop="image" content="{}">', f"{site}{shown.address}"),
        _property("og:image:width", WIDTH),
        _property("og:image:height", HEIGHT),
        _property("og:image:alt", shown.picture.words),
        *_article(article),
        *_section(SECTIONS.get(request.resolver_match.view_name), description),
    ]
    return format_html_join("\n", "{}", ((line,) for line in lines))


def _article(article):
    if article is None:
        return [_property("og:type", "website")]
    at = timezone.localtime(article.at)
    return [
        _property("og:type", "article"),
        _property("article:published_time", at.isoformat(timespec="seconds")),
        _name("ArticleTitle", marked(article, article.title)),
        _name("PubDate", f"{at:%Y-%m-%d %H:%M}"),
        _name("ContentSource", article.source),
    ]


def _section(section, description):
    if section is None:
        return []
    return [
        _name("ColumnName", section.name),
        _name("ColumnDescription", description),
        _name("ColumnKeywords", section.keywords),
        _name("ColumnType", section.kind),
    ]


def _name(name, content):
    return format_html('<meta name="{}" content="{}">', name, content)


def _property(name, content):
    return format_html('<meta property="{}" content="{}">', name, content)
