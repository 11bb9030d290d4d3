"""Who somebody is to the shop: their language, and whether messages reach them."""

from bot.domain.records import Customer, Locale
from bot.errors import UnknownCustomer
from bot.ports import Tables
from bot.services.shop import Shop

_REMEMBERED = 20_000


async def welcome(shop: Shop, user_id: int, language_code: str | None) -> Customer:
    """The customer, known from now on. Somebody who comes back gets what could not be sent."""
    known = shop.customers.get(user_id)
    if known is not None and known.reachable:
        return known
    async with shop.store.reading() as tables:
        found = await tables.customers.get(user_id)
    if found is None or not found.reachable:
        found = await shop.store.write(_enter, shop, user_id, Locale.guess(language_code))
        shop.wake("send")
    return _remember(shop, found)


async def _enter(tables: Tables, shop: Shop, user_id: int, guess: Locale) -> Customer:
    now = shop.clock.now()
    customer = await tables.customers.add(user_id, guess, now)
    if not customer.reachable:
        await tables.customers.set_reachable(user_id, reachable=True)
    # Also for who comes first: alerts may wait for an operator who had never written.
    await tables.outbox.requeue(user_id, now)
    return Customer(user_id, customer.locale)


async def choose_language(shop: Shop, user_id: int, locale: Locale) -> Customer:
    await shop.store.write(_set_locale, user_id, locale)
    return _remember(shop, Customer(user_id, locale))


async def _set_locale(tables: Tables, user_id: int, locale: Locale) -> None:
    await tables.customers.set_locale(user_id, locale)


async def find_customer(shop: Shop, tables: Tables, user_id: int) -> Customer:
    """For messages to somebody. Raises UnknownCustomer."""
    customer = shop.customers.get(user_id) or await tables.customers.get(user_id)
    if customer is None:
        raise UnknownCustomer(user_id)
    return customer


async def lost_touch(tables: Tables, shop: Shop, user_id: int) -> None:
    """Messages do not reach this person until they write again."""
    await tables.customers.set_reachable(user_id, reachable=False)
    shop.customers.pop(user_id, None)


def _remember(shop: Shop, customer: Customer) -> Customer:
    if len(shop.customers) >= _REMEMBERED:
        shop.customers.pop(next(iter(shop.customers)))
    shop.customers[customer.id] = customer
    return customer
