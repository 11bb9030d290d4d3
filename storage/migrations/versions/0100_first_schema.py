"""The first schema, with the triggers that keep the ledger and the record of showings append-only."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = None
branch_labels = None
depends_on = None

# SQLite gives a row its own number only to an INTEGER key; PostgreSQL needs the wide type.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BIG = sa.BigInteger()
APPEND_ONLY = ("postings", "entries", "reveals")


def required(name: str, kind: sa.types.TypeEngine[Any], **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **options)


def optional(name: str, kind: sa.types.TypeEngine[Any], **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, **options)


def upgrade() -> None:
    _create_accounts_and_others()
    _create_last_runs_and_others()
    _create_catalogue_products_and_others()
    _create_orders_and_code_messages()
    _create_codes_and_others()
    _create_postings_and_others()
    _append_only()


def _create_accounts_and_others() -> None:
    op.create_table(
        'accounts',
        required('name', sa.String(length=64)), required('balance_minor', BIG),
        required('may_be_negative', sa.Boolean()),
        sa.CheckConstraint('may_be_negative OR balance_minor >= 0', name=op.f('ck_accounts_not_negative')),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_accounts')),
    )
    op.create_table(
        'admin_actions',
        required('id', ID), required('key', sa.String(length=64)), required('operator_id', BIG),
        required('kind', sa.String(length=16)), required('target', sa.String(length=64)),
        required('amount_minor', BIG), required('note', sa.Text()), required('done', sa.Boolean()),
        required('at', BIG), sa.PrimaryKeyConstraint('id', name=op.f('pk_admin_actions')),
        sa.UniqueConstraint('key', name=op.f('uq_admin_actions_key')),
    )
    op.create_index('ix_admin_actions_operator', 'admin_actions', ['operator_id', 'at'])
    op.create_table(
        'alerts',
        required('key', sa.String(length=64)), required('kind', sa.String(length=24)), required('times', sa.Integer()),
        required('opened_at', BIG), optional('closed_at', BIG),
        required('data', sa.Text(), server_default=sa.text("'{}'")), optional('told_at', BIG),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_alerts')),
    )
    op.create_index('ix_alerts_untold', 'alerts', ['opened_at'], sqlite_where=sa.text('told_at IS NULL AND closed_at IS NULL'), postgresql_where=sa.text('told_at IS NULL AND closed_at IS NULL'))
    op.create_table(
        'catalogue_categories',
        required('id', ID), required('title', sa.Text()), required('position', sa.Integer()),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_categories')),
        sa.UniqueConstraint('title', name=op.f('uq_catalogue_categories_title')),
    )
    op.create_table(
        'conversations',
        required('user_id', BIG), required('name', sa.String(length=32)), required('state', sa.String(length=32)),
        required('data', sa.Text()), sa.PrimaryKeyConstraint('user_id', 'name', name=op.f('pk_conversations')),
    )
    op.create_table(
        'inbox',
        required('update_id', BIG, autoincrement=False), optional('chat_id', BIG),
        optional('key_id', sa.String(length=16)), optional('payload', sa.LargeBinary()), required('received_at', BIG),
        optional('handled_at', BIG), required('attempts', sa.Integer(), server_default=sa.text('0')),
        optional('trouble', sa.String(length=64)), optional('quarantined_at', BIG),
        sa.PrimaryKeyConstraint('update_id', name=op.f('pk_inbox')),
    )
    op.create_index('ix_inbox_handled', 'inbox', ['handled_at'])
    op.create_index('ix_inbox_unhandled', 'inbox', ['update_id'], sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))
    op.create_table(
        'key_checks',
        required('key_id', sa.String(length=16)), required('blob', sa.LargeBinary()),
        sa.PrimaryKeyConstraint('key_id', name=op.f('pk_key_checks')),
    )


def _create_last_runs_and_others() -> None:
    op.create_table(
        'last_runs',
        required('name', sa.String(length=48)), required('at', BIG),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_last_runs')),
    )
    op.create_table(
        'markups',
        required('scope', sa.String(length=16)), required('target_id', BIG),
        required('percent', sa.Numeric(precision=9, scale=4)), required('fixed_minor', BIG),
        sa.PrimaryKeyConstraint('scope', 'target_id', name=op.f('pk_markups')),
    )
    op.create_table(
        'methods_off',
        required('method', sa.String(length=12)), required('since', BIG), required('code', sa.String(length=64)),
        sa.PrimaryKeyConstraint('method', name=op.f('pk_methods_off')),
    )
    op.create_table(
        'pauses',
        required('reason', sa.String(length=24)), required('since', BIG),
        sa.PrimaryKeyConstraint('reason', name=op.f('pk_pauses')),
    )
    op.create_table(
        'supplier_accounts',
        required('supplier', sa.String(length=32)), optional('environment', sa.String(length=16)),
        optional('balance_minor', BIG), optional('balance_at', BIG),
        required('paused_for_balance', sa.Boolean(), server_default=sa.text('false')),
        required('paused_for_access', sa.Boolean(), server_default=sa.text('false')), optional('catalogue_at', BIG),
        sa.PrimaryKeyConstraint('supplier', name=op.f('pk_supplier_accounts')),
    )
    op.create_table(
        'supplier_events',
        required('supplier', sa.String(length=32)), required('event_id', sa.String(length=128)), required('at', BIG),
        sa.PrimaryKeyConstraint('supplier', 'event_id', name=op.f('pk_supplier_events')),
    )
    op.create_index('ix_supplier_events_at', 'supplier_events', ['at'])
    op.create_table(
        'users',
        required('id', BIG, autoincrement=False), required('locale', sa.String(length=8)),
        required('reachable', sa.Boolean(), server_default=sa.text('true')),
        required('reminders', sa.Boolean(), server_default=sa.text('true')), required('created_at', BIG),
        sa.CheckConstraint("locale IN ('en', 'fr', 'ar')", name=op.f('ck_users_locale')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    )
    op.create_table(
        'cases',
        required('id', ID), required('user_id', BIG), required('opened_at', BIG), optional('closed_at', BIG),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_cases_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')), sqlite_autoincrement=True,
    )
    op.create_index('ix_cases_open', 'cases', ['id'], sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_cases_user', 'cases', ['user_id', 'id'])


def _create_catalogue_products_and_others() -> None:
    op.create_table(
        'catalogue_products',
        required('id', ID), required('category_id', ID), required('supplier', sa.String(length=32)),
        required('supplier_product_id', sa.Text()), required('title', sa.Text()), required('region', sa.Text()),
        required('enabled', sa.Boolean()), required('position', sa.Integer()), optional('priced_at', BIG),
        sa.ForeignKeyConstraint(['category_id'], ['catalogue_categories.id'], name=op.f('fk_catalogue_products_category_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_products')),
        sa.UniqueConstraint('supplier', 'supplier_product_id', name=op.f('uq_catalogue_products_supplier_supplier_product_id')),
    )
    op.create_table(
        'case_messages',
        required('id', ID), required('case_id', ID), required('operator_id', BIG), required('message_id', BIG),
        required('update_id', BIG),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_messages_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_messages')),
        sa.UniqueConstraint('operator_id', 'message_id', name=op.f('uq_case_messages_operator_id_message_id')),
        sa.UniqueConstraint('operator_id', 'update_id', name=op.f('uq_case_messages_operator_id_update_id')),
    )
    op.create_index('ix_case_messages_case', 'case_messages', ['case_id'])
    op.create_table(
        'catalogue_denominations',
        required('id', ID), required('product_id', ID), required('supplier_type_id', sa.Text()),
        required('label', sa.Text()), required('cost_minor', BIG), required('stock', BIG),
        required('listed', sa.Boolean()), required('position', sa.Integer()), optional('lowest_minor', BIG),
        optional('highest_minor', BIG), optional('step_minor', BIG),
        required('currency', sa.String(length=8), server_default=sa.text("''")), optional('priced_at', BIG),
        sa.CheckConstraint('cost_minor >= 0', name=op.f('ck_catalogue_denominations_cost')),
        sa.ForeignKeyConstraint(['product_id'], ['catalogue_products.id'], name=op.f('fk_catalogue_denominations_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_denominations')),
        sa.UniqueConstraint('product_id', 'supplier_type_id', name=op.f('uq_catalogue_denominations_product_id_supplier_type_id')),
    )
    op.create_table(
        'links',
        required('denomination_id', ID, autoincrement=False), required('primary_id', ID),
        sa.CheckConstraint('denomination_id <> primary_id', name=op.f('ck_links_other')),
        sa.ForeignKeyConstraint(['denomination_id'], ['catalogue_denominations.id'], name=op.f('fk_links_denomination_id')),
        sa.ForeignKeyConstraint(['primary_id'], ['catalogue_denominations.id'], name=op.f('fk_links_primary_id')),
        sa.PrimaryKeyConstraint('denomination_id', name=op.f('pk_links')),
    )
    op.create_table(
        'quotes',
        required('id', ID), required('user_id', BIG), required('denomination_id', ID),
        required('quantity', sa.Integer()), required('unit_price_minor', BIG), required('unit_cost_minor', BIG),
        required('highest_cost_minor', BIG), required('expires_at', BIG),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_quotes_quantity')),
        sa.CheckConstraint('unit_price_minor > 0', name=op.f('ck_quotes_price')),
        sa.ForeignKeyConstraint(['denomination_id'], ['catalogue_denominations.id'], name=op.f('fk_quotes_denomination_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_quotes_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')), sqlite_autoincrement=True,
    )


def _create_orders_and_code_messages() -> None:
    op.create_table(
        'orders',
        required('id', ID), required('user_id', BIG), required('quote_id', ID), required('product_id', ID),
        required('denomination_id', ID), required('product_title', sa.Text()),
        required('denomination_label', sa.Text()), required('quantity', sa.Integer()),
        required('unit_price_minor', BIG), required('unit_cost_minor', BIG), required('highest_cost_minor', BIG),
        required('environment', sa.String(length=16)), required('state', sa.String(length=20)),
        required('supplier', sa.String(length=32)), required('supplier_product_id', sa.Text()),
        required('supplier_type_id', sa.Text()), optional('supplier_order_id', sa.Text()), required('created_at', BIG),
        optional('paid_at', BIG), optional('sent_at', BIG), optional('accepted_at', BIG), optional('settled_at', BIG),
        optional('due_at', BIG), required('attempts', sa.Integer()), required('delivered_quantity', sa.Integer()),
        required('returned_minor', BIG), required('cost_minor', BIG), optional('return_reason', sa.String(length=20)),
        optional('attention', sa.String(length=20)), required('told_slow', sa.Boolean()),
        required('alerted_stuck', sa.Boolean()), optional('status_message_id', BIG),
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
        sqlite_autoincrement=True,
    )
    op.create_index('ix_orders_accepted', 'orders', ['supplier', 'accepted_at'])
    op.create_index('ix_orders_attention', 'orders', ['id'], sqlite_where=sa.text('attention IS NOT NULL'), postgresql_where=sa.text('attention IS NOT NULL'))
    op.create_index('ix_orders_created', 'orders', ['created_at'])
    op.create_index('ix_orders_settled', 'orders', ['settled_at'])
    op.create_index('ix_orders_state_due', 'orders', ['state', 'due_at'])
    op.create_index('ix_orders_user', 'orders', ['user_id', 'id'])
    op.create_table(
        'code_messages',
        required('id', ID), required('order_id', ID), required('user_id', BIG), required('message_id', BIG),
        required('part', sa.Integer()), required('parts', sa.Integer()), required('kind', sa.String(length=12)),
        required('again', sa.Boolean()), required('hide_at', BIG), optional('hidden_at', BIG),
        required('attempts', sa.Integer()),
        sa.CheckConstraint("kind IN ('text', 'document')", name=op.f('ck_code_messages_kind')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_code_messages_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_code_messages')),
        sa.UniqueConstraint('user_id', 'message_id', name=op.f('uq_code_messages_user_id_message_id')),
    )
    op.create_index('ix_code_messages_order', 'code_messages', ['order_id'])
    op.create_index('ix_code_messages_visible', 'code_messages', ['hide_at'], sqlite_where=sa.text('hidden_at IS NULL'), postgresql_where=sa.text('hidden_at IS NULL'))


def _create_codes_and_others() -> None:
    op.create_table(
        'codes',
        required('order_id', ID), required('position', sa.Integer()), required('key_id', sa.String(length=16)),
        required('value', sa.LargeBinary()), optional('serial', sa.LargeBinary()), optional('pin', sa.LargeBinary()),
        optional('link', sa.LargeBinary()), optional('reference', sa.LargeBinary()),
        required('fingerprint', sa.LargeBinary()), optional('expires_at', BIG), required('deliver', sa.Boolean()),
        required('batch', sa.Integer(), server_default=sa.text('0')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_codes_order_id')),
        sa.PrimaryKeyConstraint('order_id', 'position', name=op.f('pk_codes')),
        sa.UniqueConstraint('fingerprint', name=op.f('uq_codes_fingerprint')),
    )
    op.create_index('ix_codes_expires', 'codes', ['expires_at'], sqlite_where=sa.text('expires_at IS NOT NULL'), postgresql_where=sa.text('expires_at IS NOT NULL'))
    op.create_index('ix_codes_key', 'codes', ['key_id'])
    op.create_table(
        'outbox',
        required('id', ID), required('key', sa.String(length=128)), required('user_id', BIG),
        required('kind', sa.String(length=20)), optional('order_id', ID), required('data', sa.Text()),
        required('state', sa.String(length=12)), required('attempts', sa.Integer()), required('due_at', BIG),
        required('created_at', BIG),
        sa.CheckConstraint("state IN ('pending', 'sent', 'unreachable', 'dead')", name=op.f('ck_outbox_state')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_outbox_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')), sa.UniqueConstraint('key', name=op.f('uq_outbox_key')),
    )
    op.create_index('ix_outbox_order', 'outbox', ['order_id'])
    op.create_index('ix_outbox_pending', 'outbox', ['user_id', 'id'], sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_table(
        'payments',
        required('id', ID), required('key', sa.String(length=128)), required('user_id', BIG),
        required('method', sa.String(length=12)), required('state', sa.String(length=12)), optional('order_id', ID),
        required('asked_minor', BIG), required('stars', BIG), required('paid_minor', BIG),
        optional('external_id', sa.String(length=255)), optional('url', sa.Text()), required('created_at', BIG),
        required('expires_at', BIG), optional('due_at', BIG), optional('checked_at', BIG),
        required('attempts', sa.Integer()), optional('settled_at', BIG), optional('decided_by', BIG),
        required('reason', sa.Text()), optional('message_id', BIG),
        sa.CheckConstraint("method IN ('transfer', 'ocpay', 'stars')", name=op.f('ck_payments_method')),
        sa.CheckConstraint("state IN ('open', 'review', 'held', 'credited', 'rejected', 'expired', 'returning', 'returned')", name=op.f('ck_payments_state')),
        sa.CheckConstraint('asked_minor >= 0', name=op.f('ck_payments_asked')),
        sa.CheckConstraint('paid_minor >= 0', name=op.f('ck_payments_paid')),
        sa.CheckConstraint('stars >= 0', name=op.f('ck_payments_stars')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payments_order_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_payments_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
        sa.UniqueConstraint('key', name=op.f('uq_payments_key')),
        sa.UniqueConstraint('method', 'external_id', name=op.f('uq_payments_method_external_id')),
        sqlite_autoincrement=True,
    )
    op.create_index('ix_payments_due', 'payments', ['due_at'], sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_index('ix_payments_order', 'payments', ['order_id'])
    op.create_index('ix_payments_state', 'payments', ['state', 'id'])
    op.create_index('ix_payments_user', 'payments', ['user_id', 'id'])


def _create_postings_and_others() -> None:
    op.create_table(
        'postings',
        required('id', ID), required('key', sa.String(length=128)), required('kind', sa.String(length=16)),
        optional('order_id', ID), required('actor', sa.String(length=64)), required('note', sa.Text()),
        required('at', BIG), sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_postings_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_postings')),
        sa.UniqueConstraint('key', name=op.f('uq_postings_key')),
    )
    op.create_index('ix_postings_order', 'postings', ['order_id'])
    op.create_table(
        'purchase_requests',
        required('order_id', ID, autoincrement=False), required('reference', sa.String(length=64)),
        required('body', sa.Text()), required('at', BIG),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_purchase_requests_order_id')),
        sa.PrimaryKeyConstraint('order_id', name=op.f('pk_purchase_requests')),
        sa.UniqueConstraint('reference', name=op.f('uq_purchase_requests_reference')),
    )
    op.create_table(
        'reveals',
        required('id', ID), required('order_id', ID), required('user_id', BIG),
        required('reason', sa.String(length=20)), required('at', BIG),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_reveals_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reveals')),
    )
    op.create_index('ix_reveals_order', 'reveals', ['order_id'])
    op.create_index('ix_reveals_user', 'reveals', ['user_id', 'at'])
    op.create_table(
        'entries',
        required('posting_id', ID), required('account', sa.String(length=64)), required('amount_minor', BIG),
        required('currency', sa.String(length=3)),
        sa.CheckConstraint('amount_minor <> 0', name=op.f('ck_entries_amount')),
        sa.ForeignKeyConstraint(['account'], ['accounts.name'], name=op.f('fk_entries_account')),
        sa.ForeignKeyConstraint(['posting_id'], ['postings.id'], name=op.f('fk_entries_posting_id')),
        sa.PrimaryKeyConstraint('posting_id', 'account', name=op.f('pk_entries')),
    )
    op.create_index('ix_entries_account', 'entries', ['account', 'posting_id'])
    op.create_table(
        'receipts',
        required('id', ID), required('payment_id', ID), required('kind', sa.String(length=12)),
        required('file_id', sa.Text()), required('unique_id', sa.String(length=128)), required('at', BIG),
        sa.CheckConstraint("kind IN ('photo', 'document')", name=op.f('ck_receipts_kind')),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_receipts_payment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts')),
        sa.UniqueConstraint('payment_id', 'unique_id', name=op.f('uq_receipts_payment_id_unique_id')),
    )
    op.create_index('ix_receipts_unique', 'receipts', ['unique_id'])


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
