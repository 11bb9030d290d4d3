"""The repositories of one transaction, one for each kind of rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs import Wakes
from bot.domain.orders import Order
from bot.domain.payments import Payment
from storage.repositories.alerts import AlertRepository
from storage.repositories.audit import AuditRepository
from storage.repositories.audit_marks import AuditMarkRepository
from storage.repositories.bookkeeping import BookkeepingRepository
from storage.repositories.cases import CaseRepository
from storage.repositories.catalogue import CatalogueRepository
from storage.repositories.clocks import ClockRepository
from storage.repositories.codes import CodeRepository
from storage.repositories.conversations import ConversationRepository
from storage.repositories.counters import CounterRepository
from storage.repositories.crowds import CrowdRepository
from storage.repositories.curation import CurationRepository
from storage.repositories.customer_pages import CustomerPageRepository
from storage.repositories.customers import CustomerRepository
from storage.repositories.day_sums import DaySumRepository
from storage.repositories.figures import FigureRepository
from storage.repositories.forgetting import ForgettingRepository
from storage.repositories.gauges import GaugeRepository
from storage.repositories.inbox import InboxRepository
from storage.repositories.keys import KeyCheckRepository
from storage.repositories.leader import LeaderRepository
from storage.repositories.ledger import LedgerRepository
from storage.repositories.moves import MoveRepository
from storage.repositories.news import NewsRepository
from storage.repositories.notes import NoteRepository
from storage.repositories.operators import OperatorRepository
from storage.repositories.orders import OrderRepository
from storage.repositories.outbox import OutboxRepository
from storage.repositories.own_codes import OwnCodeRepository
from storage.repositories.pauses import PauseRepository
from storage.repositories.payments import PaymentRepository
from storage.repositories.personal_data import PersonalDataRepository
from storage.repositories.prices import PriceRepository
from storage.repositories.purchase_requests import PurchaseRequestRepository
from storage.repositories.quotes import QuoteRepository
from storage.repositories.runs import RunRepository
from storage.repositories.stamps import StampRepository
from storage.repositories.statistics import StatisticsRepository
from storage.repositories.stock import StockRepository
from storage.repositories.suppliers import SupplierRepository
from storage.repositories.team import TeamRepository
from storage.repositories.watches import WatchRepository


class Transaction:
    """One open transaction, to write or only to read. It must not be used after it has ended.

    `wakes` collects the jobs that have work because of its writes; the store passes them to its
    listeners after the commit.

    Locks are taken in one order, so that two transactions never wait for each other: a customer's
    wallet, their orders, their payments, the outbox. Whatever may move money begins with one of
    `lock_money`, `lock_order` and `lock_payment`.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self.wakes = Wakes()
        shared = connection, self.wakes
        self.alerts = AlertRepository(*shared)
        self.audit = AuditRepository(*shared)
        self.bookkeeping = BookkeepingRepository(*shared)
        self.audit_marks = AuditMarkRepository(*shared)
        self.cases = CaseRepository(*shared)
        self.catalogue = CatalogueRepository(*shared)
        self.clocks = ClockRepository(*shared)
        self.codes = CodeRepository(*shared)
        self.conversations = ConversationRepository(*shared)
        self.counters = CounterRepository(*shared)
        self.crowds = CrowdRepository(*shared)
        self.curation = CurationRepository(*shared)
        self.customer_pages = CustomerPageRepository(*shared)
        self.customers = CustomerRepository(*shared)
        self.figures = FigureRepository(*shared)
        self.day_sums = DaySumRepository(*shared)
        self.forgetting = ForgettingRepository(*shared)
        self.gauges = GaugeRepository(*shared)
        self.inbox = InboxRepository(*shared)
        self.keys = KeyCheckRepository(*shared)
        self.leader = LeaderRepository(*shared)
        self.ledger = LedgerRepository(*shared)
        self.moves = MoveRepository(*shared)
        self.news = NewsRepository(*shared)
        self.notes = NoteRepository(*shared)
        self.operators = OperatorRepository(*shared)
        self.orders = OrderRepository(*shared)
        self.outbox = OutboxRepository(*shared)
        self.own_codes = OwnCodeRepository(*shared)
        self.pauses = PauseRepository(*shared)
        self.payments = PaymentRepository(*shared)
        self.personal_data = PersonalDataRepository(*shared)
        self.prices = PriceRepository(*shared)
        self.purchase_requests = PurchaseRequestRepository(*shared)
        self.quotes = QuoteRepository(*shared)
        self.runs = RunRepository(*shared)
        self.stamps = StampRepository(*shared)
        self.statistics = StatisticsRepository(*shared)
        self.stock = StockRepository(*shared)
        self.suppliers = SupplierRepository(*shared)
        self.team = TeamRepository(*shared)
        self.watches = WatchRepository(*shared)

    async def lock_money(self, user_id: int) -> None:
        """Lock a customer's wallet, and the orders that money in it pays for."""
        await self.ledger.lock_wallet(user_id)
        await self.orders.locked_unpaid(user_id)

    async def lock_order(self, order_id: int) -> Order:
        """The order of any customer, locked after its owner's wallet. Raises NotFound.

        For sweeps and operators, like `OrderRepository.locked`.
        """
        await self.ledger.lock_wallet(await self.orders.owner(order_id))
        return await self.orders.locked(order_id)

    async def lock_payment(self, payment_id: int) -> Payment:
        """The payment of any customer, locked after all that it may pay for. Raises NotFound.

        For sweeps and operators, like `PaymentRepository.locked`.
        """
        await self.lock_money(await self.payments.owner(payment_id))
        return await self.payments.locked(payment_id)
