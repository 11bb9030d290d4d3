"""Running the shop: the outbox, audits, reports, nightly work, and what operators watch."""
