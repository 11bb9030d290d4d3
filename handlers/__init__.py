"""Telegram in and Telegram out: parse an update, call one service, render one screen."""
