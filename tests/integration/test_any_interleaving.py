"""The ledger and the order machine under Hypothesis, against a plain model of who owns what."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.orders import OrderState
from bot.errors import AlreadyDecided, NotFound, NotRefundable, Refused, Unreachable, WalletTooSmall
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.checkout import buy
from bot.services.credit import Credit, credit_wallet
from bot.services.customers import welcome
from bot.services.place import recover_interrupted
from bot.services.quote import make_quote
from bot.services.refund import ask_refund, confirm_refund
from storage.engine import SqlStore
from storage.migrate import migrate
from tests.stage import OPERATOR, Stage, books_agree

USERS = st.integers(1, 3)
FAULTS = st.sampled_from(
    [
        Fault(FaultKind.STATUS_AFTER, "placeOrder"),
        Fault(FaultKind.HTML, "placeOrder", status=502),
        Fault(FaultKind.STATUS, "placeOrder", status=400, code="ERR_STOCK"),
        Fault(FaultKind.STATUS, "placeOrder", status=429, code="RATE_LIMIT_EXCEEDED"),
        Fault(FaultKind.STATUS, "list"),
        Fault(FaultKind.STATUS, "checkOrder"),
        Fault(FaultKind.STATUS, "checkProduct"),
    ]
)
_EMPTY: list[Path] = []


def empty_database() -> Path:
    if not _EMPTY:
        path = Path(tempfile.mkdtemp()) / "empty.db"

        async def make() -> None:
            store = SqlStore(f"sqlite:///{path}")
            await migrate(store)
            await store.close()

        asyncio.run(make())
        _EMPTY.append(path)
    return _EMPTY[0]


class ShopMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.money_in = dict.fromkeys((1, 2, 3), 0)
        self.quotes: list[tuple[int, int]] = []
        self.actions: list[int] = []
        self.credits = 0

    def do(self, work):
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        shutil.copy(empty_database(), self.folder / "hanout.db")
        store = SqlStore(f"sqlite:///{self.folder / 'hanout.db'}")
        self.stage = self.do(Stage(store).open())
        self.value = self.do(self.stage.denomination())
        for user in (1, 2, 3):
            self.do(welcome(self.stage.shop, user, "en"))

    @rule(user=USERS, dinars=st.integers(-3000, 9000).filter(bool), replay=st.booleans())
    def credit(self, user, dinars, replay) -> None:
        self.credits += 0 if replay and self.credits else 1
        try:
            self.do(
                credit_wallet(
                    self.stage.shop,
                    Credit(f"k{self.credits}", OPERATOR, user, dinars * 100, ""),
                )
            )
            self.money_in[user] += dinars * 100
        except (AlreadyDecided, WalletTooSmall):
            pass

    @rule(user=USERS, quantity=st.integers(1, 3))
    def quote(self, user, quantity) -> None:
        try:
            self.quotes.append(
                (user, self.do(make_quote(self.stage.shop, user, self.value, quantity)).quote.id)
            )
        except Refused:
            pass

    @rule(data=st.data(), by=st.none() | USERS)
    def press_buy(self, data, by) -> None:
        if self.quotes:
            user, quote = data.draw(st.sampled_from(self.quotes))
            try:
                order, _ = self.do(buy(self.stage.shop, by or user, quote, 7))
                assert order.user_id == user == (by or user)
            except Refused:
                pass

    @rule(outcome=st.integers(0, 3))
    def supplier_decides(self, outcome) -> None:
        self.stage.book.next_outcomes.append(outcome)

    @rule(fault=FAULTS)
    def supplier_fails(self, fault) -> None:
        self.stage.book.script(
            Fault(fault.kind, fault.path, 1, fault.seconds, fault.status, fault.code)
        )

    @rule()
    def chat_fails(self) -> None:
        self.stage.sender.failures.append(Unreachable())

    @rule(user=USERS)
    def comes_back(self, user) -> None:
        self.do(welcome(self.stage.shop, user, "en"))

    @rule(order_id=st.integers(1, 8))
    def operator_refunds(self, order_id) -> None:
        self.credits += 1
        try:
            _, _, action = self.do(
                ask_refund(
                    self.stage.shop,
                    key=f"r{self.credits}",
                    operator_id=OPERATOR,
                    order_id=order_id,
                    reason="x",
                )
            )
            if action is not None:
                self.actions.append(action)
        except (NotFound, NotRefundable):
            pass

    @rule(data=st.data())
    def operator_confirms(self, data) -> None:
        if self.actions:
            try:
                self.do(
                    confirm_refund(
                        self.stage.shop, OPERATOR, data.draw(st.sampled_from(self.actions))
                    )
                )
            except Refused:
                pass

    @rule(seconds=st.sampled_from([0, 1, 5, 30, 700]))
    def time_passes(self, seconds) -> None:
        self.stage.clock.pass_time(seconds)
        self.do(self.stage.round())

    @rule()
    def restart(self) -> None:
        self.stage.restart()
        self.do(self.stage.reload())
        self.do(recover_interrupted(self.stage.shop))

    @invariant()
    def money_adds_up(self) -> None:
        if hasattr(self, "stage"):
            self.do(books_agree(self.stage))
            self.do(self._owners_have_their_money())

    async def _owners_have_their_money(self) -> None:
        for user, money_in in self.money_in.items():
            async with self.stage.store.reading() as tables:
                orders, _ = await tables.orders.page(user, 0, 1000)
                wallet = await tables.ledger.balance(f"wallet:{user}")
            spent = sum(o.total_minor - o.returned_minor for o in orders)
            assert wallet == money_in - spent >= 0

    @invariant()
    def nobody_holds_anothers_code_and_nothing_is_bought_twice(self) -> None:
        if hasattr(self, "stage"):
            seen = {user: set(self.stage.sender.codes_of(user)) for user in self.money_in}
            assert not (seen[1] & seen[2] or seen[1] & seen[3] or seen[2] & seen[3])
            self.do(self._purchases_match())

    async def _purchases_match(self) -> None:
        sent = 0
        for user in self.money_in:
            async with self.stage.store.reading() as tables:
                orders, _ = await tables.orders.page(user, 0, 1000)
            sent += sum(o.sent_at is not None or o.state is OrderState.PLACING for o in orders)
        assert len(self.stage.book.orders) <= sent

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.do(self.stage.close())
            self.do(self.stage.store.close())
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)


TestAnyInterleaving = ShopMachine.TestCase
TestAnyInterleaving.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
