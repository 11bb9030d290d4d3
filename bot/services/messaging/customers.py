"""Customers: their language, and whether messages reach them."""

from dataclasses import replace

from bot.domain.people import is_pseudonym
from bot.domain.records import Customer, Locale
from bot.refusals import UnknownCustomer
from bot.services.shop import Shop
from storage.transaction import Transaction

_REMEMBERED = 20_000  # customers in the cache


async def ensure_customer(shop: Shop, user_id: int, language_code: str | None) -> Customer:
    """The customer of this Telegram id, stored on the first call.

    `language_code` is Telegram's, which says the language of a new customer. Messages that could not be
    sent to somebody who had blocked the bot are queued again, and codes that could not be hidden from
    them are hidden at once.
    """
    known = shop.customers.get(user_id)
    if known is not None and known.reachable:
        return known
    async with shop.store.reading() as tx:
        found = await tx.customers.get(user_id)
    if found is None or not found.reachable:
        found = await shop.store.write(
            _register, shop, user_id, Locale.of(language_code, shop.policy.default_locale)
        )
    return _remember(shop, found)


async def _register(tx: Transaction, shop: Shop, user_id: int, locale: Locale) -> Customer:
    now = shop.clock.now()
    customer = await tx.customers.add(user_id, locale, now)
    if not customer.reachable:
        await tx.customers.set_reachable(user_id, reachable=True)
        await tx.codes.hide_again(user_id, now)
    # Also for a new customer: alerts may wait for an operator who has never written to the bot.
    await tx.outbox.requeue(user_id, now)
    return replace(customer, reachable=True)


async def choose_language(shop: Shop, user_id: int, locale: Locale) -> Customer:
    """Store a customer's choice of language."""
    return _remember(shop, await shop.store.write(_set_locale, user_id, locale))


async def _set_locale(tx: Transaction, user_id: int, locale: Locale) -> Customer:
    await tx.customers.set_locale(user_id, locale)
    return await tx.customers.get(user_id) or Customer(user_id, locale)


async def find_customer(shop: Shop, tx: Transaction, user_id: int) -> Customer:
    """The customer that a message or money is for. Raises UnknownCustomer, also for a pseudonym."""
    if is_pseudonym(user_id):
        raise UnknownCustomer(user_id)
    customer = shop.customers.get(user_id) or await tx.customers.get(user_id)
    if customer is None:
        raise UnknownCustomer(user_id)
    return customer


async def mark_unreachable(tx: Transaction, shop: Shop, user_id: int) -> None:
    """Messages do not reach this customer until they write again (`ensure_customer`)."""
    await tx.customers.set_reachable(user_id, reachable=False)
    shop.customers.pop(user_id, None)


def _remember(shop: Shop, customer: Customer) -> Customer:
    if len(shop.customers) >= _REMEMBERED:
        shop.customers.pop(next(iter(shop.customers)))
    shop.customers[customer.id] = customer
    return customer
