"""Customers and operators: who they are, what they are told, alerts, support cases, failed updates."""
