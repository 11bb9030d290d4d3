"""Seconds by which tests set the wall clock, and the states of orders for short."""

from bot.domain.orders import OrderState

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 365 * 86_400
S = OrderState
