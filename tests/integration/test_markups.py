"""/markup leaves an action with the rule before and after, and takes no target that there is not."""

from decimal import Decimal

import pytest

from bot.domain.pricing import Markup, MarkupScope
from bot.refusals import AlreadyDecided, NotFound
from bot.services.catalogue.markups import set_markup
from bot.services.catalogue.price_changes import Editor
from storage.tables import markups, operator_actions
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows


async def test_each_change_of_a_price_rule_is_an_action(harness: ShopHarness):
    value = (MarkupScope.DENOMINATION, await harness.denomination())
    for number, rule in enumerate((Markup(Decimal("7.5"), 2000), Markup(Decimal(3)), None)):
        await set_markup(harness.shop, value, rule, Editor(OPERATOR, f"u{number}"))

    made = sorted(await rows(harness, operator_actions), key=lambda action: action.id)

    assert [(a.before, a.after) for a in made] == [
        ("-", "7.5 2000"),
        ("7.5 2000", "3 0"),
        ("3 0", "-"),
    ]
    assert {(a.kind, a.target, a.operator_id) for a in made} == {
        ("markup", f"d{value[1]}", OPERATOR)
    }


async def test_a_replayed_command_changes_no_price(harness: ShopHarness):
    value = (MarkupScope.DENOMINATION, await harness.denomination())
    for rule in (Markup(Decimal(5)), None):
        await set_markup(harness.shop, value, rule, Editor(OPERATOR, str(rule)))

    with pytest.raises(AlreadyDecided):
        await set_markup(
            harness.shop,
            value,
            Markup(Decimal(5)),
            Editor(OPERATOR, str(Markup(Decimal(5)))),
        )

    assert await rows(harness, markups) == []


@pytest.mark.parametrize("scope", MarkupScope)
async def test_a_rule_for_what_is_not_in_the_catalogue_is_refused(harness: ShopHarness, scope):
    with pytest.raises(NotFound):
        await set_markup(harness.shop, (scope, 999_999), Markup(Decimal(5)), Editor(OPERATOR, "u"))

    assert await rows(harness, markups) == await rows(harness, operator_actions) == []
