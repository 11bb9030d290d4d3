"""Customers and operators: notifications, alerts, support cases, failed updates."""
