"""All tables over one connection; each aggregate's queries stand in a module of their own."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import (
    AuditRows,
    CaseRows,
    CatalogueRows,
    CodeRows,
    ConversationRows,
    CustomerRows,
    InboxRows,
    LedgerRows,
    OperatorRows,
    OrderRows,
    OutboxRows,
    PaymentRows,
)
from storage.audit_rows import SqlAudit
from storage.case_rows import SqlCases
from storage.catalogue_rows import SqlCatalogue
from storage.chat_rows import SqlConversations, SqlCustomers, SqlInbox, SqlOutbox
from storage.code_rows import SqlCodes
from storage.ledger_rows import SqlLedger
from storage.operator_rows import SqlOperators
from storage.order_rows import SqlOrders
from storage.payment_rows import SqlPayments


class SqlTables:
    """Implements the Tables port inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.customers: CustomerRows = SqlCustomers(connection)
        self.catalogue: CatalogueRows = SqlCatalogue(connection)
        self.orders: OrderRows = SqlOrders(connection)
        self.ledger: LedgerRows = SqlLedger(connection)
        self.codes: CodeRows = SqlCodes(connection)
        self.outbox: OutboxRows = SqlOutbox(connection)
        self.inbox: InboxRows = SqlInbox(connection)
        self.operators: OperatorRows = SqlOperators(connection)
        self.conversations: ConversationRows = SqlConversations(connection)
        self.payments: PaymentRows = SqlPayments(connection)
        self.cases: CaseRows = SqlCases(connection)
        self.audit: AuditRows = SqlAudit(connection)
