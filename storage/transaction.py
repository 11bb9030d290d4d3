"""The repositories of one transaction, one for each kind of rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs import Wakes
from storage.repositories.alerts import AlertRepository
from storage.repositories.audit import AuditRepository
from storage.repositories.cases import CaseRepository
from storage.repositories.catalogue import CatalogueRepository
from storage.repositories.codes import CodeRepository
from storage.repositories.conversations import ConversationRepository
from storage.repositories.customers import CustomerRepository
from storage.repositories.inbox import InboxRepository
from storage.repositories.keys import KeyCheckRepository
from storage.repositories.ledger import LedgerRepository
from storage.repositories.operators import OperatorRepository
from storage.repositories.orders import OrderRepository
from storage.repositories.outbox import OutboxRepository
from storage.repositories.payments import PaymentRepository
from storage.repositories.purchase_requests import PurchaseRequestRepository
from storage.repositories.quotes import QuoteRepository
from storage.repositories.runs import RunRepository
from storage.repositories.stamps import StampRepository
from storage.repositories.statistics import StatisticsRepository
from storage.repositories.suppliers import SupplierRepository


class Transaction:
    """One open transaction, to write or only to read. It must not be used after it has ended.

    `wakes` collects the jobs that have work because of its writes; the store passes them to its
    listeners after the commit.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self.wakes = Wakes()
        shared = connection, self.wakes
        self.alerts = AlertRepository(*shared)
        self.audit = AuditRepository(*shared)
        self.cases = CaseRepository(*shared)
        self.catalogue = CatalogueRepository(*shared)
        self.codes = CodeRepository(*shared)
        self.conversations = ConversationRepository(*shared)
        self.customers = CustomerRepository(*shared)
        self.inbox = InboxRepository(*shared)
        self.keys = KeyCheckRepository(*shared)
        self.ledger = LedgerRepository(*shared)
        self.operators = OperatorRepository(*shared)
        self.orders = OrderRepository(*shared)
        self.outbox = OutboxRepository(*shared)
        self.payments = PaymentRepository(*shared)
        self.purchase_requests = PurchaseRequestRepository(*shared)
        self.quotes = QuoteRepository(*shared)
        self.runs = RunRepository(*shared)
        self.stamps = StampRepository(*shared)
        self.statistics = StatisticsRepository(*shared)
        self.suppliers = SupplierRepository(*shared)
