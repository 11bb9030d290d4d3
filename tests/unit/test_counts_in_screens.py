"""Counts are written as their language writes numbers: 12,345 and 12 345, never 12345."""

import pytest

from bot.domain.news import Audience
from bot.domain.records import Locale
from bot.services.news.drafts import Card
from bot.services.operations.reports import AttentionReport
from handlers.screen import Screen
from handlers.screens import attention, news
from locales import LOCALES, Words, words
from tests.unit.news_samples import DRAFT
from tests.unit.samples import ZONE

MANY = 12_345


def _screens(w: Words) -> list[Screen]:
    people = Audience({Locale.FR: MANY}, MANY, MANY, MANY, MANY)
    return [
        news.card(w, Card(DRAFT, people, None, None, False), ZONE),
        attention.attention(w, AttentionReport([], MANY, MANY, paused=False)),
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_large_count_is_grouped(locale: str):
    for screen in _screens(words(locale)):
        assert words(locale).number(MANY) in screen.text
        assert str(MANY) not in screen.text
