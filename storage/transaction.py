"""Everything of the database inside one transaction: a repository for each aggregate."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.repositories.audit import AuditRepository
from storage.repositories.cases import CaseRepository
from storage.repositories.catalogue import CatalogueRepository
from storage.repositories.chats import (
    ConversationRepository,
    CustomerRepository,
    InboxRepository,
    OutboxRepository,
)
from storage.repositories.codes import CodeRepository
from storage.repositories.ledger import LedgerRepository
from storage.repositories.operators import OperatorRepository
from storage.repositories.orders import OrderRepository
from storage.repositories.payments import PaymentRepository


class Transaction:
    """One transaction, or one consistent reading; used only while it is open."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.customers = CustomerRepository(connection)
        self.catalogue = CatalogueRepository(connection)
        self.orders = OrderRepository(connection)
        self.ledger = LedgerRepository(connection)
        self.codes = CodeRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.inbox = InboxRepository(connection)
        self.operators = OperatorRepository(connection)
        self.conversations = ConversationRepository(connection)
        self.payments = PaymentRepository(connection)
        self.cases = CaseRepository(connection)
        self.audit = AuditRepository(connection)
