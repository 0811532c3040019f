"""``{% load once %} <form method="post">{% csrf_token %}{% once %}…``: the form's effect happens once."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consult.idempotency.middleware import FIELD

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A hidden field with a fresh key. Not for sign-in: a refused sign-in must count, and here it would be undone."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())
