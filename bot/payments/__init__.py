"""Ways to pay, one adapter each. An operator's credit needs none: it is bot/services/credit.py."""
