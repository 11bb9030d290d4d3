"""Simulators of OneClickDz v3 and Starship: products, balance, orders and scripted faults."""
