"""The community's pages of an application: begin, write, documents, hand in, take back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from branches.access import Action
from branches.views.desk import desk_page
from branches.views.desk_posting import attempt, form_page, open_form, own
from branches.views.private_file import served
from homes import applying, reviewing
from homes.application_forms import (
    WRITTEN,
    ApplicationForm,
    DocumentForm,
    ExchangeForm,
    ReasonForm,
    StepForm,
)
from homes.documents import TYPES
from homes.models import ApplicationDocument
from homes.views.application_desk import address, application_page, crumbs, own_application

LEAD = "填多少存多少，随时可以接着填。不知道的先空着。"


def writable(request, pk):
    """The application, for those who apply; a missing page for who reviews it."""
    found = own_application(request, pk)
    if not reviewing.may_write(request.user, found):
        raise Http404
    return found


def page_of(request, found, form, title, button, **context):
    return form_page(request, form, title, button, back=address(found), way=crumbs(request, found), **context)


def back_to(found):
    return redirect("applications:desk_application", pk=found.pk)


@application_page(Action.ADD)
def new(request):
    form, refilled = open_form(request, ApplicationForm, user=request.user)
    if request.method == "POST" and form.is_valid():
        kept = applying.begin(by=request.user, **form.given())
        messages.success(request, "存好了，现在是草稿。接下来把三个条件的材料传上来。")
        return back_to(kept)
    form.lay_out()
    way = crumbs(request)
    return form_page(request, form, "申报一个家", "存成草稿", back=way[-1][1], way=way, lead=LEAD, refilled=refilled)


@application_page()
def edit(request, pk):
    found = writable(request, pk)
    initial = {name: getattr(found, f"{name}_id", getattr(found, name)) for name in WRITTEN}
    initial |= {"longitude": found.longitude, "latitude": found.latitude}
    form, refilled = open_form(request, ApplicationForm, user=request.user, application=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(request, form, applying.write, found, version=version, **form.given()) is not None:
            messages.success(request, "存好了。")
            return back_to(found)
    form.lay_out()
    return page_of(request, found, form, "改申报", "存好", lead=LEAD, refilled=refilled)


def step(request, pk, make, verb, *, title, button, done, given=(), **context):
    """A step of the community's."""
    found = writable(request, pk)
    form, refilled = open_form(request, make, record=found)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in (*given, "version")}
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return back_to(found)
    return page_of(request, found, form, title, button, refilled=refilled, **context)


@application_page()
def submit(request, pk):
    lead = "交上去以后不能再改，退回补正才能改。多少天以内审完，页面上写着。"
    return step(request, pk, StepForm, applying.submit, title="交上去", button="交上去", done="交上去了。", lead=lead)


@application_page()
def withdraw(request, pk):
    def make(*args, **kwargs):
        return ReasonForm(*args, hint="可以不写。审的同事看得到。", needed=False, **kwargs)

    return step(
        request, pk, make, applying.withdraw, title="撤回", button="撤回", done="撤回了。", given=("reason",),
        lead="撤回以后这份申报就结束了。以后还想建，要重新报一份。", kind="act",
    )  # fmt: skip


# --- documents
@application_page()
def document_add(request, pk):
    found = writable(request, pk)
    wanted = request.GET.get("for", "")
    initial = {"condition": wanted if wanted in ApplicationDocument.Condition else None}
    form, refilled = open_form(request, DocumentForm, record=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"]
        told = {name: form.cleaned_data[name] for name in ("condition", "title", "version")}
        if attempt(request, form, applying.add_document, found, file=file, kind=kind, **told) is not None:
            messages.success(request, "材料传上来了。")
            return back_to(found)
    return page_of(request, found, form, "加材料", "上传", upload=True, refilled=refilled)


def own_document(request, pk, document_pk):
    """(the application, one of its documents that is not put aside)"""
    found = writable(request, pk)
    document = found.documents.filter(pk=document_pk, is_archived=False).first()
    if document is None:
        raise Http404
    return found, document


@application_page()
def document_exchange(request, pk, document_pk):
    found, document = own_document(request, pk, document_pk)
    form, refilled = open_form(request, ExchangeForm, record=found, initial={"title": document.title})
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"]

        def exchange(_application, **given):
            return applying.exchange_document(document, **given)

        told = {name: form.cleaned_data[name] for name in ("title", "version")}
        if attempt(request, form, exchange, found, file=file, kind=kind, **told) is not None:
            messages.success(request, "换好了。原来的那一份收起来了。")
            return back_to(found)
    lead = f"换掉“{document}”。原来的那一份收起来，不删。"
    return page_of(request, found, form, "换一份材料", "上传", upload=True, lead=lead, refilled=refilled)


@application_page()
def document_drop(request, pk, document_pk):
    found, document = own_document(request, pk, document_pk)
    form, _ = open_form(request, StepForm, record=found)
    if request.method == "POST" and form.is_valid():

        def drop(_application, **given):
            return applying.drop_document(document, **given)

        if attempt(request, form, drop, found, version=form.cleaned_data["version"]) is not None:
            messages.success(request, "拿掉了。")
            return back_to(found)
    lead = f"“{document}”收起来，不再算这份申报的材料。"
    return page_of(request, found, form, "拿掉一份材料", "拿掉", kind="act", lead=lead)


@desk_page(Action.VIEW, ApplicationDocument, methods=("GET", "HEAD"))
def document(request, pk):
    """One file, to those who may read its application; pictures on the page, the rest to be kept and opened."""
    found = own(request, ApplicationDocument, pk, Action.VIEW, ApplicationDocument.objects.exclude(file=""))
    return served(found.file, TYPES[found.kind], name=f"{found.title}.{found.kind}", to_save=found.kind != "webp")
