"""Simulators of providers of payments."""
