"""Codes: custody, delivery, showing them again, hiding, key rotation, expiry reminders."""
