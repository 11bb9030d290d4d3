"""Orders: quote, checkout, placing, polling, reconciliation, settlement, refunds."""
