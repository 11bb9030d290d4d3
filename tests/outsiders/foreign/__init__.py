"""Telegram servers that others wrote, installed from their registries at test time."""
