"""A tour of all that the shop says and hears: every handler of the registration, every method of the sender, every
screen in each language. `Tour.missed` names what it did not reach; nothing that a change adds can hide from it.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, cast

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ConversationHandler

from bot.domain.payments import Method
from bot.ports import Sender
from bot.refusals import required
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import Chat
from bot.services.catalogue.refresh import refresh_product
from bot.services.messaging.missed_answers import note_missed_answer
from handlers.menus import set_menus
from handlers.routes import COMMANDS
from handlers.webhook import Webhook, WebhookNews, webhook_address
from locales import LOCALES
from tests.bot_harness import LINA, PNG, FaultyTransport, VoucherBotHarness, unheard
from tests.harness import OPERATOR
from tests.outsiders.counter import (
    build_a_team,
    close_a_day,
    keep_stock,
    keep_the_shelf,
    look_up_a_customer,
    operate,
    pause_by_hand,
    refuse_and_return,
    try_prices,
    write_news,
)
from tests.outsiders.wire import Recorder

KARIM = 6
_MANY = 45  # so many codes come as a file
_DAY = 86_400


class Tour(VoucherBotHarness):
    """The shop between both suppliers and Telegram, with each request and answer recorded and checked."""

    def _connect(self, policy):
        self.wire = Recorder(self.telegram)
        self.telegram = cast(FaultyTransport, self.wire)
        return super()._connect(policy)

    def _assemble(self) -> None:
        super()._assemble()
        self.reached: set[str] = set()
        self.handlers = {}
        for handler in _handlers(self.application.handlers):
            name = _name(handler)
            self.handlers[name] = handler
            handler.callback = self._noted(name, handler.callback)
        for name in _methods_of(Sender):
            self.handlers[f"sender: {name}"] = getattr(self.sender, name)
            setattr(self.sender, name, self._noted(f"sender: {name}", getattr(self.sender, name)))

    def _noted(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        async def noted(*given: Any, **named: Any) -> Any:
            self.reached.add(name)
            return await work(*given, **named)

        return noted

    @property
    def missed(self) -> list[str]:
        return sorted(self.handlers.keys() - self.reached)

    @property
    def operator(self):
        return self.person(OPERATOR)

    async def press_all(self, who, *data: str) -> None:
        for one in data:
            await self.press(who, one, who.inbox[-1])

    async def order_of(self, who, quantity: int) -> None:
        """The same value in each language: rows of buttons are mirrored in Arabic."""
        value = await self.denomination()
        await self.press(who, f"den:{value}", who.inbox[-1])
        await self.say(str(quantity), who)
        await self.press_newest(who, "buy:")

    async def type_all(self, who, *texts: str) -> None:
        for text in texts:
            await self.say(text, who)


def _handlers(groups: dict[int, list[Any]]) -> Iterator[BaseHandler]:
    for handlers in groups.values():
        for handler in handlers:
            if isinstance(handler, ConversationHandler):
                inside = [handler.entry_points, handler.fallbacks, *handler.states.values()]
                yield from _handlers(dict(enumerate(inside)))
            else:
                yield handler


def _name(handler: BaseHandler) -> str:
    work = f"{handler.callback.__module__}.{handler.callback.__qualname__}"
    if isinstance(handler, CallbackQueryHandler):
        return f"press {getattr(handler.pattern, 'pattern', 'of no known button')}"
    if isinstance(handler, CommandHandler):
        return f"command {' '.join(sorted(handler.commands))}: {work}"
    return f"message {getattr(handler, 'filters', '')}: {work}"


def _methods_of(port: type) -> list[str]:
    return [name for name, what in vars(port).items() if callable(what) and name[0] != "_"]


async def walk(tour: Tour) -> None:
    """The whole tour, in the language of `tour.lina`."""
    for part in (
        browse,
        buy,
        buy_vouchers,
        look_after,
        wait_for_a_value,
        top_up,
        pay_in_stars,
        pay_for_an_order,
        ask_support,
        operate,
        keep_stock,
        look_up_a_customer,
        pause_by_hand,
        write_news,
        build_a_team,
        close_a_day,
        keep_the_shelf,
        try_prices,
        be_refused,
        refuse_and_return,
        be_reminded,
        be_forgotten,
        start_and_look,
    ):
        await part(tour)
        await tour.live(3)


async def browse(tour: Tour) -> None:
    tour.offer()
    tour.set_policy(max_quantity=50, transfer_instructions=dict.fromkeys(LOCALES, "CCP 0012"))
    tour.book.balance *= 1000
    tour.kind().quantity = 10_000
    lina, karim = tour.lina, tour.person(KARIM, "fr")
    await tour.type_all(lina, "/start", *(f"/{name}" for name in COMMANDS))
    await tour.type_all(lina, "/search Play", "playstation", "nothing like that", "/cancel", "/nix")
    await tour.type_all(karim, "/start", "/start p_1", "/start c_1")
    await tour.press_all(
        lina,
        "home",
        "langs",
        "news:0",
        "news:1",
        "lang:ar",
        "lang:fr",
        "lang:en",
        "wallet:0",
        "no:1",
    )
    await tour.press_all(
        lina,
        f"lang:{tour.words.locale}",
        "topup",
        "orders:0",
        "sold:1",
        "cat:1:0",
        "find",
        "shelf:games-pc:0",
        "brand:steam:0",
        "worth:steam:1000",
        "vals:1:1",
    )
    tour.world.push("message", tour.world.add_message(lina.chat, _place(lina.user)))
    group = Chat(-1_001_234_567_890, "supergroup", "A group")
    tour.world.chats[group.id] = group
    await lina.say("/start", group)
    await tour.pump()


def _place(user: dict[str, Any]) -> dict[str, Any]:
    return {"from": user, "location": {"latitude": 36.75, "longitude": 3.06}}


async def buy(tour: Tour) -> None:
    lina = tour.lina
    await tour.credit(LINA, 900_000)
    await tour.press_to_buy(lina, 2)
    await tour.live(8)
    await tour.order_of(lina, _MANY)
    await tour.live(12)
    await tour.press_all(lina, "orders:0", "order:1", "hide:1", "show:1", "order:2")
    await tour.press(lina, "hide:2", [m for m in lina.inbox if "document" in m][-1])
    await tour.live(2)
    tour.book.next_outcomes += [1, 0]
    for _ in range(2):  # one of two codes, then none
        await tour.order_of(lina, 2)
        await tour.live(12)


async def buy_vouchers(tour: Tour) -> None:
    lina = tour.lina
    await tour.order_voucher(2)
    await tour.live(8)
    await tour.say("/search Amazon.de")
    await tour.press_newest(lina, "prod:")
    await tour.press_newest(lina, "den:")
    await tour.type_all(lina, "a few", "37", "2")
    await tour.press_newest(lina, "buy:")
    await tour.live(8)
    await tour.press_all(lina, "remind:0", "remind:1")
    await tour.say("/search Amazon.de 41")
    await tour.press_newest(lina, "face:")


async def look_after(tour: Tour) -> None:
    """What an order that was delivered offers: buying it again, its steps, help, its summary."""
    lina = tour.lina
    await tour.press_all(lina, "orders:0", "order:1", "rebuy:1")
    await tour.press_all(lina, "order:1", "how:1", "problem:1", "ask:1", "receipt:1", "stop")


async def wait_for_a_value(tour: Tour) -> None:
    """It is sold out, and told of when it is back."""
    lina, kind = tour.lina, tour.kind()
    value, left = await tour.denomination(), kind.quantity
    kind.quantity = 0
    tour.clock.pass_time(61)
    await refresh_product(tour.shop, tour.shop.shelf.denomination(value).product_id)
    await tour.press_all(lina, f"sold:{value}", f"watch:{value}", "watches", f"unwatch:{value}")
    await tour.press_all(lina, f"watch:{value}")
    kind.quantity = left
    await tour.live(2400, step=60)


async def top_up(tour: Tour) -> None:
    lina, operator = tour.lina, tour.operator
    await tour.press_all(lina, *(f"ways:{method}" for method in Method))
    await tour.press_all(lina, "type:transfer")
    await tour.type_all(lina, "much")  # words leave the question
    await tour.press_all(lina, "type:transfer")
    await tour.type_all(lina, "0", "1234")
    await lina.attach(PNG, "receipt.png", "CCP", photo=True)
    await tour.pump()
    await tour.live(3)
    await tour.press_newest(operator, "other:")
    await tour.say("1200", operator)
    for number, reason in enumerate(("unreadable", "other")):
        await tour.press_all(lina, f"top:transfer:{2000 + number}")
        await lina.attach(PNG + bytes([number]), "receipt.pdf", photo=False)
        await tour.pump()
        await tour.live(3)
        await tour.press_newest(operator, "reject:")
        await tour.press_newest(operator, f"why:.*:{reason}")
    await tour.say("The picture is of another payment", operator)
    await tour.pay_by_transfer(lina, operator)
    await tour.press_newest(operator, "accept:")  # decided already
    await tour.pay_by_card(lina)
    await tour.press_newest(lina, "paid:")
    await tour.live(30)


async def pay_in_stars(tour: Tour) -> None:
    lina, operator = tour.lina, tour.operator
    await tour.pay_in_stars(lina)
    await tour.live(3)
    refused = await tour.world.stars.send_pre_checkout_query(lina, lina.invoice)
    await tour.pump()
    assert refused.ok is False
    for answer in (0, 1):
        await tour.say("/payments", operator)
        await tour.press_newest(operator, "payment:")
        await tour.press_newest(operator, "return:")
        await tour.press_newest(operator, f"back:.*:{answer}")
    await tour.live(20)
    await tour.pay_in_stars(lina)
    tour.world.stars.refund_to_payer(tour.world.stars.transactions[-1]["id"])
    await tour.pump()


async def pay_for_an_order(tour: Tour) -> None:
    karim = tour.person(KARIM)
    await tour.order_of(karim, 1)
    await tour.press_newest(karim, "pay:.*:stars")
    await tour.order_of(karim, 1)
    await tour.press_newest(karim, "cancel:")
    await tour.order_of(karim, 1)
    await tour.live(2 * _DAY, step=3600)  # nobody pays it


async def ask_support(tour: Tour) -> None:
    lina, operator = tour.lina, tour.operator
    await lina.send({"checklist": {"title": "To do", "tasks": [{"id": 1, "text": "Buy a code"}]}})
    await tour.pump()
    await tour.say("/paysupport My code does not work")
    await tour.press_all(lina, "case")
    await lina.attach(PNG, "screen.png", "This is what I see " * 40, photo=True)
    await tour.pump()
    await tour.live(3)
    question = operator.inbox[-1]
    await operator.say("Please try again", reply_to=question)
    await tour.pump()
    await tour.press_newest(operator, "settled:")
    await tour.press_newest(operator, "settled:")
    await tour.live(3)  # she is told
    await tour.press_newest(lina, "reopen:")
    await tour.press_newest(lina, "stop")
    await tour.press_newest(lina, "solved:")
    await tour.say("nothing like that")
    await tour.press_newest(lina, "tell:")
    await tour.press_all(lina, "case")
    await lina.album([PNG + b"1", PNG + b"2"], "Two pictures")
    await tour.pump()
    await note_missed_answer(tour.shop, LINA, 1)
    await tour.live(3)
    async with tour.store.reading() as tx:
        customer = required(await tx.customers.get(LINA))
    await tour.sender.send_lost(customer, await tour.order(1))  # their key was given up


async def be_reminded(tour: Tour) -> None:
    """Of codes that expire after a year."""
    tour.clock.pass_time(340 * _DAY)
    await tour.live(5)


async def be_forgotten(tour: Tour) -> None:
    """A customer reads what is kept of them, takes it away, and has it erased."""
    lina, karim = tour.lina, tour.person(KARIM)
    await tour.press_all(lina, "privacy", "mydata", "mydata", "forget")
    await tour.say("/privacy", karim)
    await tour.press_newest(karim, "forget")
    await tour.press_newest(karim, "erase:")


def _unheard(_reason: str) -> None:
    """What the webhook tells, to nobody."""


async def start_and_look(tour: Tour) -> None:
    """What the shop asks at its start, in both modes, and what `hanout doctor` asks."""
    await set_menus(tour.bot, {OPERATOR: ("fr", ["stats"])})
    address = webhook_address("https://shop.example", tour.vault, tour.bot.token)
    webhook = Webhook(
        tour.bot, tour.inbox, address, WebhookNews(unheard, unheard, unheard, unheard, _unheard)
    )
    await webhook._look(await tour.bot.get_webhook_info())
    await tour.bot.delete_webhook()


async def be_refused(tour: Tour) -> None:
    """A file that can be edited no more is deleted, so that no code stays in it."""
    await tour.credit(LINA, 900_000)
    await tour.order_of(tour.lina, _MANY)
    await tour.live(12)
    tour.world.refusals.append(("editMessageMedia", bad("message can't be edited")))
    await tour.live(_DAY + 60, step=600)
