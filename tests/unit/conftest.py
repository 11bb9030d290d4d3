"""Environments without any setting, and with those that a shop needs."""

import base64

import pytest

from bot.settings import Settings

REQUIRED_SETTINGS = {
    "TELEGRAM_TOKEN": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "ADMIN_IDS": "1, 2",
    "ONECLICKDZ_API_KEY": "canary-supplier-key",
    "HANOUT_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
}


@pytest.fixture
def no_settings(monkeypatch, tmp_path):
    """Neither in the environment nor in a file of the working directory."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def required_settings(no_settings, monkeypatch):
    """A monkeypatch in whose environment everything required is set."""
    for name, value in REQUIRED_SETTINGS.items():
        monkeypatch.setenv(name, value)
    return monkeypatch
