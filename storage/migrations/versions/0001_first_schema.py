"""The first schema, with the triggers that keep the ledger and the record of showings append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("postings", "entries", "reveals")


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('balance_minor', sa.BigInteger(), nullable=False),
    sa.Column('may_be_negative', sa.Boolean(), nullable=False),
    sa.CheckConstraint('may_be_negative OR balance_minor >= 0', name=op.f('ck_accounts_not_negative')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_accounts'))
    )
    op.create_table('admin_actions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('target', sa.String(length=64), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admin_actions')),
    sa.UniqueConstraint('key', name=op.f('uq_admin_actions_key'))
    )
    op.create_table('alerts',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('closed_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_alerts'))
    )
    op.create_table('catalogue_categories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_categories')),
    sa.UniqueConstraint('title', name=op.f('uq_catalogue_categories_title'))
    )
    op.create_table('conversations',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'name', name=op.f('pk_conversations'))
    )
    op.create_table('inbox',
    sa.Column('update_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=True),
    sa.Column('key_id', sa.String(length=16), nullable=True),
    sa.Column('payload', sa.LargeBinary(), nullable=True),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('handled_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('update_id', name=op.f('pk_inbox'))
    )
    op.create_index('ix_inbox_unhandled', 'inbox', ['update_id'], unique=False, sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))
    op.create_table('key_checks',
    sa.Column('key_id', sa.String(length=16), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('key_id', name=op.f('pk_key_checks'))
    )
    op.create_table('markups',
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('target_id', sa.BigInteger(), nullable=False),
    sa.Column('percent', sa.Numeric(precision=9, scale=4), nullable=False),
    sa.Column('fixed_minor', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'target_id', name=op.f('pk_markups'))
    )
    op.create_table('supplier_accounts',
    sa.Column('supplier', sa.String(length=32), nullable=False),
    sa.Column('environment', sa.String(length=16), nullable=True),
    sa.Column('balance_minor', sa.BigInteger(), nullable=True),
    sa.Column('balance_at', sa.BigInteger(), nullable=True),
    sa.Column('paused_for_balance', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('paused_for_access', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('catalogue_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('supplier', name=op.f('pk_supplier_accounts'))
    )
    op.create_table('users',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('reachable', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("locale IN ('en', 'fr', 'ar')", name=op.f('ck_users_locale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users'))
    )
    op.create_table('catalogue_products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('supplier', sa.String(length=32), nullable=False),
    sa.Column('supplier_product_id', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('region', sa.Text(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('priced_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['catalogue_categories.id'], name=op.f('fk_catalogue_products_category_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_products')),
    sa.UniqueConstraint('supplier', 'supplier_product_id', name=op.f('uq_catalogue_products_supplier_supplier_product_id'))
    )
    op.create_table('catalogue_denominations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('supplier_type_id', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('stock', sa.BigInteger(), nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('cost_minor >= 0', name=op.f('ck_catalogue_denominations_cost')),
    sa.ForeignKeyConstraint(['product_id'], ['catalogue_products.id'], name=op.f('fk_catalogue_denominations_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_denominations')),
    sa.UniqueConstraint('product_id', 'supplier_type_id', name=op.f('uq_catalogue_denominations_product_id_supplier_type_id'))
    )
    op.create_table('quotes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('denomination_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_minor', sa.BigInteger(), nullable=False),
    sa.Column('unit_cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('highest_cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_quotes_quantity')),
    sa.CheckConstraint('unit_price_minor > 0', name=op.f('ck_quotes_price')),
    sa.ForeignKeyConstraint(['denomination_id'], ['catalogue_denominations.id'], name=op.f('fk_quotes_denomination_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_quotes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')),
    sqlite_autoincrement=True
    )
    op.create_table('orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('quote_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('denomination_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_title', sa.Text(), nullable=False),
    sa.Column('denomination_label', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_minor', sa.BigInteger(), nullable=False),
    sa.Column('unit_cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('highest_cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('environment', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('supplier', sa.String(length=32), nullable=False),
    sa.Column('supplier_product_id', sa.Text(), nullable=False),
    sa.Column('supplier_type_id', sa.Text(), nullable=False),
    sa.Column('supplier_order_id', sa.Text(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('paid_at', sa.BigInteger(), nullable=True),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.Column('accepted_at', sa.BigInteger(), nullable=True),
    sa.Column('settled_at', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('delivered_quantity', sa.Integer(), nullable=False),
    sa.Column('returned_minor', sa.BigInteger(), nullable=False),
    sa.Column('cost_minor', sa.BigInteger(), nullable=False),
    sa.Column('return_reason', sa.String(length=20), nullable=True),
    sa.Column('attention', sa.String(length=20), nullable=True),
    sa.Column('told_slow', sa.Boolean(), nullable=False),
    sa.Column('alerted_stuck', sa.Boolean(), nullable=False),
    sa.Column('status_message_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("attention IN ('not_found', 'contradiction', 'duplicate_code', 'sandbox_code', 'surplus')", name=op.f('ck_orders_attention')),
    sa.CheckConstraint("environment IN ('sandbox', 'production')", name=op.f('ck_orders_environment')),
    sa.CheckConstraint("return_reason IN ('sold_out', 'price_rose', 'not_available', 'supplier_down', 'operator')", name=op.f('ck_orders_return_reason')),
    sa.CheckConstraint("state IN ('awaiting_payment', 'paid', 'placing', 'unconfirmed', 'handling', 'fulfilled', 'partial', 'refunded', 'cancelled', 'expired')", name=op.f('ck_orders_state')),
    sa.CheckConstraint('delivered_quantity BETWEEN 0 AND quantity', name=op.f('ck_orders_delivered')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_orders_quantity')),
    sa.CheckConstraint('returned_minor + delivered_quantity * unit_price_minor <= quantity * unit_price_minor', name=op.f('ck_orders_money')),
    sa.CheckConstraint('returned_minor >= 0', name=op.f('ck_orders_returned')),
    sa.CheckConstraint('unit_price_minor > 0', name=op.f('ck_orders_price')),
    sa.ForeignKeyConstraint(['denomination_id'], ['catalogue_denominations.id'], name=op.f('fk_orders_denomination_id')),
    sa.ForeignKeyConstraint(['product_id'], ['catalogue_products.id'], name=op.f('fk_orders_product_id')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_orders_quote_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_orders_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('quote_id', name=op.f('uq_orders_quote_id')),
    sa.UniqueConstraint('supplier', 'supplier_order_id', name=op.f('uq_orders_supplier_supplier_order_id')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_orders_accepted', 'orders', ['supplier', 'accepted_at'], unique=False)
    op.create_index('ix_orders_settled', 'orders', ['settled_at'], unique=False)
    op.create_index('ix_orders_state_due', 'orders', ['state', 'due_at'], unique=False)
    op.create_index('ix_orders_user', 'orders', ['user_id', 'id'], unique=False)
    op.create_table('code_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('again', sa.Boolean(), nullable=False),
    sa.Column('hide_at', sa.BigInteger(), nullable=False),
    sa.Column('hidden_at', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('text', 'document')", name=op.f('ck_code_messages_kind')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_code_messages_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_messages')),
    sa.UniqueConstraint('user_id', 'message_id', name=op.f('uq_code_messages_user_id_message_id'))
    )
    op.create_index('ix_code_messages_order', 'code_messages', ['order_id'], unique=False)
    op.create_index('ix_code_messages_visible', 'code_messages', ['hide_at'], unique=False, sqlite_where=sa.text('hidden_at IS NULL'), postgresql_where=sa.text('hidden_at IS NULL'))
    op.create_table('codes',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('key_id', sa.String(length=16), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('serial', sa.LargeBinary(), nullable=True),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('deliver', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_codes_order_id')),
    sa.PrimaryKeyConstraint('order_id', 'position', name=op.f('pk_codes')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_codes_fingerprint'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind IN ('order_progress', 'order_result', 'credited', 'alert')", name=op.f('ck_outbox_kind')),
    sa.CheckConstraint("state IN ('pending', 'sent', 'unreachable', 'dead')", name=op.f('ck_outbox_state')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_outbox_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key'))
    )
    op.create_index('ix_outbox_pending', 'outbox', ['user_id', 'id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_table('postings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_postings_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postings')),
    sa.UniqueConstraint('key', name=op.f('uq_postings_key'))
    )
    op.create_index('ix_postings_order', 'postings', ['order_id'], unique=False)
    op.create_table('reveals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_reveals_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reveals'))
    )
    op.create_index('ix_reveals_order', 'reveals', ['order_id'], unique=False)
    op.create_index('ix_reveals_user', 'reveals', ['user_id', 'at'], unique=False)
    op.create_table('entries',
    sa.Column('posting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.CheckConstraint('amount_minor <> 0', name=op.f('ck_entries_amount')),
    sa.ForeignKeyConstraint(['account'], ['accounts.name'], name=op.f('fk_entries_account')),
    sa.ForeignKeyConstraint(['posting_id'], ['postings.id'], name=op.f('fk_entries_posting_id')),
    sa.PrimaryKeyConstraint('posting_id', 'account', name=op.f('pk_entries'))
    )
    op.create_index('ix_entries_account', 'entries', ['account', 'posting_id'], unique=False)

    _append_only()


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for event in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION hanout_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION hanout_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it")
