"""Adapters for the supplier APIs: each one translates its supplier's replies into domain types."""
