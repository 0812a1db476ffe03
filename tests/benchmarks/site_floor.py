"""What Django itself costs on this machine: the application that `make bench` measures the portal against.

/bare is a response without any middleware, the unit of every ratio. /rows is Django's default stack, a base layout and
29 rows from SQLite in one query, nothing stored: an ordinary uncached page.
"""

import os
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

DATABASE = Path(os.environ["DATA_DIR"], "floor.sqlite3")
ROWS = 29
LAYOUT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/site.css"></head>
<body><header><a href="{% url 'rows' %}">{{ name }}</a><nav><ul>
{% for label in menu %}<li><a href="{% url 'rows' %}?section={{ forloop.counter }}">{{ label }}</a></li>{% endfor %}
</ul></nav>
{% if user.is_authenticated %}<p>{{ user.get_username }}</p>{% else %}<p><a href="/in/">登录</a></p>{% endif %}
{% for message in messages %}<p class="{{ message.tags }}">{{ message }}</p>{% endfor %}</header>
<main>{% block content %}{% endblock %}</main>
<footer><p>{{ name }}</p><p>{% now "Y-m-d" %}</p></footer></body></html>"""
PAGE = """{% extends "layout.html" %}{% block title %}名单{% endblock %}{% block content %}<h1>名单</h1>
<p>一共{{ rows|length }}处</p><ul>{% for row in rows %}{% include "row.html" %}{% endfor %}</ul>{% endblock %}"""
ROW = """<li class="card{% if row.marked %} marked{% endif %}" id="row-{{ row.pk }}">
<h2><a href="{% url 'row' row.pk %}">{{ row.name }}</a></h2><p><span>{{ row.street }}</span> ·
<time datetime="{{ row.since|date:'c' }}">{{ row.since|date:"Y年n月j日" }}</time></p><p>{{ row.address }}</p>
<p><a href="tel:{{ row.telephone }}">{{ row.telephone }}</a></p><p>{{ row.words|truncatechars:140 }}</p>
<p>{{ row.people|default:0 }}人 · {% if row.open %}开着{% else %}关着{% endif %}</p></li>"""
STACK = (
    "security.SecurityMiddleware", "common.CommonMiddleware", "csrf.CsrfViewMiddleware",
    "clickjacking.XFrameOptionsMiddleware",
)  # fmt: skip


def menu(_request):
    return {"name": "示例", "menu": ("首页", "名单", "活动", "队伍", "通知", "办事", "电话", "关于")}


settings.configure(
    SECRET_KEY="floor",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    LANGUAGE_CODE="zh-hans",
    TIME_ZONE="Asia/Shanghai",
    INSTALLED_APPS=[f"django.contrib.{app}" for app in ("auth", "contenttypes", "sessions", "messages")],
    MIDDLEWARE=[
        f"django.middleware.{STACK[0]}",
        "django.contrib.sessions.middleware.SessionMiddleware",
        *(f"django.middleware.{name}" for name in STACK[1:3]),
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        f"django.middleware.{STACK[3]}",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {"layout.html": LAYOUT, "page.html": PAGE, "row.html": ROW},
                            )
                        ],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    f"{__name__}.menu",
                ],
            },
        }
    ],
    LOGGING_CONFIG=None,
)
whole = get_wsgi_application()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - all below wants Django set up
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    name = models.TextField()
    street = models.TextField()
    address = models.TextField()
    telephone = models.TextField()
    words = models.TextField()
    since = models.DateField()
    people = models.IntegerField()
    open = models.BooleanField()
    marked = models.BooleanField()

    class Meta:
        app_label = "floor"
        db_table = "floor_row"

    def __str__(self):
        return self.name


def fill():
    words = "周一到周五开门，有书报、棋牌和茶水，每个月请人来讲一讲，想来的邻居直接来，不用报名。" * 4
    columns = ", ".join(field.column for field in Row._meta.fields)
    with sqlite3.connect(DATABASE, timeout=30) as connection:
        connection.execute("begin immediate")
        connection.execute("drop table if exists floor_row")
        connection.execute(f"create table floor_row ({columns})")
        connection.executemany(
            f"insert into floor_row values ({', '.join('?' * len(Row._meta.fields))})",  # noqa: S608 - our own words
            [
                (
                    n,
                    f"{n}号",
                    f"{n % 7}街",
                    f"示例路{n * 13}号",
                    f"000{n:05}",
                    words,
                    f"20{n:02}-03-04",
                    n * 37,
                    n % 5,
                    n % 2,
                )
                for n in range(1, ROWS + 1)
            ],
        )


def bare(_request):
    return HttpResponse("hello")


def rows(request, pk=None):
    return render(request, "page.html", {"rows": list(Row.objects.order_by("pk"))})


urlpatterns = [path("bare", bare), path("rows", rows, name="rows"), path("rows/<int:pk>", rows, name="row")]
fill()
with override_settings(MIDDLEWARE=[]):
    without_middleware = WSGIHandler()


def application(environ, start_response):
    return (without_middleware if environ["PATH_INFO"] == "/bare" else whole)(environ, start_response)
