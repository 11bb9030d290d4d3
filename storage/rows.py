"""All tables over one connection; each aggregate's queries stand in a module of their own."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue_rows import SqlCatalogue
from storage.chat_rows import SqlConversations, SqlCustomers, SqlInbox, SqlOutbox
from storage.code_rows import SqlCodes
from storage.ledger_rows import SqlLedger
from storage.operator_rows import SqlOperators
from storage.order_rows import SqlOrders


class SqlTables:
    """Implements the Tables port inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.customers = SqlCustomers(connection)
        self.catalogue = SqlCatalogue(connection)
        self.orders = SqlOrders(connection)
        self.ledger = SqlLedger(connection)
        self.codes = SqlCodes(connection)
        self.outbox = SqlOutbox(connection)
        self.inbox = SqlInbox(connection)
        self.operators = SqlOperators(connection)
        self.conversations = SqlConversations(connection)
