"""Settings: read from the environment, every wrong one named, no value shown."""

from datetime import timedelta

import pytest

from bot.settings import SettingsError, load_settings
from tests.unit.conftest import REQUIRED_SETTINGS

pytestmark = pytest.mark.usefixtures("no_settings")


def test_everything_missing_is_named_at_once():
    with pytest.raises(SettingsError) as refused:
        load_settings()
    for name in REQUIRED_SETTINGS:
        assert name in str(refused.value)


def test_every_wrong_setting_is_named_and_no_value_shown(required_settings):
    bad = {
        "TELEGRAM_TOKEN": "canary-token",
        "ADMIN_IDS": "canary,1",
        "HANOUT_KEYS": "canary:key",
        "TELEGRAM_API_URL": "canary-url",
        "ONECLICKDZ_BASE_URL": "https://canary.example/v2",
        "DATABASE_URL": "canary://db",
        "CODES_VISIBLE_FOR": "72h",
        "QUOTE_LIFETIME": "canary",
        "TIME_ZONE": "Canary/City",
        "MARKUP_PERCENT": "canary",
    }
    for name, value in bad.items():
        required_settings.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert [name for name in bad if name not in str(refused.value)] == []
    assert "canary" not in str(refused.value).lower().replace("canary_", "")


def test_durations_lists_and_money_are_read(required_settings):
    required_settings.setenv("CODES_VISIBLE_FOR", "90m")
    required_settings.setenv("QUOTE_LIFETIME", "30")
    required_settings.setenv("CATALOGUE_HIDDEN", "PSN, Xbox")
    required_settings.setenv("PRICE_STEP", "5.5")
    settings = load_settings()
    policy = settings.policy()

    assert policy.codes_visible_for == timedelta(minutes=90)
    assert policy.quote_lifetime == timedelta(seconds=30)
    assert policy.hidden_categories == {"psn", "xbox"}
    assert policy.pricing.step_minor == 550
    assert policy.admin_ids == {1, 2}
    assert set(settings.secrets()) > {
        REQUIRED_SETTINGS["TELEGRAM_TOKEN"],
        REQUIRED_SETTINGS["ONECLICKDZ_API_KEY"],
    }


def test_keys_may_come_from_a_file(required_settings, tmp_path):
    required_settings.delenv("HANOUT_KEYS")
    path = tmp_path / "keys"
    required_settings.setenv("HANOUT_KEYS_FILE", str(path))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings().keys()
    path.write_text("nonsense")
    with pytest.raises(SettingsError, match="HANOUT_KEYS_FILE"):
        load_settings().keys()
    path.write_text(REQUIRED_SETTINGS["HANOUT_KEYS"] + "\n")
    assert list(load_settings().keys()) == ["k1"]
