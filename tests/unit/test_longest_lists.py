"""Operators' screens that list things, filled with the most and the longest that each may show.

Telegram refuses a message of more than 4,096 characters, or with more than 100 buttons: the operator
would read that something went wrong, and reach nothing of the list.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.actions import LISTED_ACTIONS, OperatorAction
from bot.domain.catalogue import Category, Denomination, HeldValue
from bot.domain.orders import Attention
from bot.domain.pauses import LONGEST_WORDS, Pause, PauseScope, PauseState
from bot.domain.people import LONGEST_NOTE, MOST_NOTES, Note
from bot.domain.periods import Span
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import Locale, PauseReason, SupplierAccount
from bot.domain.roles import Member, MemberState, Role
from bot.domain.statistics import Best, Stats
from bot.domain.stock import (
    LONGEST_LABEL,
    LONGEST_TITLE,
    Batch,
    BatchCounts,
    BatchState,
    OnOffer,
    OwnProduct,
    OwnValue,
)
from bot.services.catalogue.links import LinkView
from bot.services.items import Item, ItemKind
from bot.services.operations.reports import AttentionReport
from bot.services.operations.staffing import MOST_MEMBERS
from bot.services.selling.hand_pauses import PauseView
from bot.services.stock.batches import BatchView, ValueView
from handlers.screen import Screen
from handlers.screens import (
    attention,
    customers,
    linking,
    operator,
    operator_payments,
    pausing,
    stock,
    team,
)
from locales import Words, words
from tests.fakes import START
from tests.unit.samples import ORDER, PRODUCT, ZONE

LONGEST_MESSAGE, MOST_BUTTONS = 4_096, 100
LONG = "Ж" * 500  # a name of a supplier's, which nobody bounds
BIG = 10**14  # an amount or an id
MANY = 300

OTHER = replace(PRODUCT, id=BIG, title=LONG, supplier="starship")
LONGEST = replace(PRODUCT, id=BIG, title=LONG)


def pauses() -> list[PauseView]:
    texts = {str(locale): "x" * LONGEST_WORDS for locale in Locale}
    until = START
    pause = Pause(
        BIG, PauseState.OPEN, PauseScope.PRODUCT, "1", PauseReason.WORDS, START, texts, until=until
    )
    return [PauseView(replace(pause, operator_id=BIG), LONG)] * MANY


def long_lists(w: Words) -> Iterator[Screen]:
    for page in (0, 1, MANY // 10 - 1):
        yield pausing.pauses(w, pauses(), ZONE, page, lifts_audit=True)
    order = replace(ORDER, id=BIG)
    reasons = (list(Attention) * 10)[:10]
    report = AttentionReport(
        [replace(order, attention=reason) for reason in reasons],
        BIG,
        BIG,
        paused=True,
        payments=BIG,
        cases=BIG,
        failing=[(Item(kind, BIG), LONG) for kind in list(ItemKind) * 50],
        sweeps=["poll starship"] * MANY,
        closed=[SupplierAccount("oneclickdz", paused_for_balance=True)] * 2,
        paid_though_banned=[(BIG, BIG)] * 10,
        count_banned=BIG,
        pauses=pauses(),
        held=[HeldValue(BIG, LONG, LONG)] * 5,
        count_held=BIG,
    )
    yield attention.attention(w, report)
    yield attention.tried_again(w, 9, 3, report)
    members = [Member(BIG, Role.MANAGER, BIG, MemberState.INVITED, BIG, START, 1)] * MOST_MEMBERS
    yield team.team(w, [BIG] * 10, members, ZONE)
    notes = [Note(BIG, START, "x" * LONGEST_NOTE)] * MOST_NOTES
    yield customers.notes(w, BIG, notes, ZONE)
    yield linking.links(w, [(OTHER, LONGEST)] * MANY, {BIG})
    yield linking.links(w, [(OTHER, LONGEST)] * MANY, {BIG}, MANY // 15 - 1)
    own = OwnProduct(BIG, "x" * LONGEST_TITLE, "x" * LONGEST_TITLE)
    view = ValueView(own, OwnValue(BIG, BIG, "x" * LONGEST_LABEL), OnOffer(BIG, 5, BIG, START), 9)
    counts = BatchCounts(5_000, 5_000, 0, 0, START, START)
    for page in (0, 1, 99):
        yield stock.values(w, [view] * MANY, page, is_sold=False)
        for state in (BatchState.DRAFT, BatchState.ON_SALE):
            batch = Batch(BIG, BIG, BIG, state, BIG, START, held_at=START)
            shown = [BatchView(batch, own, view.value, counts)] * MANY
            yield stock.value(w, view, shown, ZONE, page)
    yield linking.found(w, LONG, [LONGEST] * MANY, {BIG})
    value = Denomination(7, 1, "25.00", LONG, 100, 5)
    yield linking.ask_link(w, LinkView(OTHER, LONGEST, [(value, value)] * MANY, [value] * MANY))
    for kind in LISTED_ACTIONS:
        done = OperatorAction(BIG, BIG, kind, "HN123456789012345", BIG, "x" * 300, True, START)
        yield operator_payments.actions(w, [done] * 8, 1, 3, ZONE)
    stats = Stats(
        {"fulfilled": BIG},
        BIG,
        BIG,
        BIG,
        1e6,
        1e6,
        (Best(LONG, LONG, BIG, BIG),) * 5,
        {"en": BIG},
        BIG,
    )
    yield operator.stats(w, Span.TODAY, stats, profit=True)
    policy = PricingPolicy(Markup(Decimal("12.34"), BIG), 5_000, 100)
    yield operator.prices(w, policy, [Category(BIG, LONG)] * MANY)


@pytest.mark.parametrize("locale", Locale)
def test_no_list_is_longer_than_a_message(locale):
    sizes = {
        screen.text[:60]: (len(screen.text.encode("utf-16-le")) // 2, sum(map(len, screen.rows)))
        for screen in long_lists(words(locale))
    }
    assert {
        text: (units, buttons)
        for text, (units, buttons) in sizes.items()
        if units > LONGEST_MESSAGE or buttons > MOST_BUTTONS
    } == {}


def test_every_link_is_reached_by_pages():
    pairs = [(replace(OTHER, id=number), replace(PRODUCT, id=900 + number)) for number in range(40)]
    shown = [linking.links(words(Locale.EN), pairs, (), page) for page in range(3)]

    text = "\n".join(screen.text for screen in shown)
    assert all(f"p{number} " in text for number in range(40))
    assert [[b.data for b in row] for screen in shown for row in screen.rows] == [
        ["links:1"],
        ["links:0", "links:2"],
        ["links:1"],
    ]
