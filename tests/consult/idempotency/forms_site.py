"""A site of one form for the tests: sending it takes a number."""

from uuid import uuid4

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

from consult.errors import WrongState
from consult.numbering import take_number

TEMPLATE = "{% load once %}<form method=post>{% once %}{{ form }}</form>"


class PaperForm(forms.Form):
    title = forms.CharField(max_length=20)


def take():
    return take_number(organisation_id=1, kind="topic", year=2026, pattern="〔{year}〕{n}号", short_name="")


@login_not_required
def paper(request):
    """Title 'refused' is refused after a number was taken, 'crash' fails."""
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = take()
        if form.cleaned_data["title"] == "refused":
            raise WrongState("No.")
        if form.cleaned_data["title"] == "crash":
            raise ZeroDivisionError
        return redirect(f"/paper/{number.n}/")
    return TemplateResponse(request, engines["django"].from_string(TEMPLATE), {"form": form})


@login_not_required
def note(request):
    """Answers with a fragment instead of a redirect."""
    return HttpResponse(f"<p>{take().n}</p>", status=201, headers={"HX-Trigger": "noted"})


def send(key=None, client=None, title="A", **more):
    """One POST of the form."""
    return (client or Client(raise_request_exception=False)).post(
        "/paper/", {"_once": key or uuid4(), "title": title, **more}
    )


urlpatterns = [path("paper/", paper), path("note/", note)]
