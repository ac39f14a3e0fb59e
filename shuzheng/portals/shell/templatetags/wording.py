"""Filters that turn values into the words people read."""

from django import template

register = template.Library()
