"""Settings: read from the environment, every wrong one named, no value shown."""

from datetime import timedelta

import pytest

from bot.setting_errors import SettingsError
from bot.settings import load_settings
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
    required_settings.setenv("QUOTE_LIFETIME", "30s")
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


def test_a_file_of_keys_may_begin_with_a_byte_order_mark(required_settings, tmp_path):
    path = tmp_path / "keys"
    path.write_text(REQUIRED_SETTINGS["HANOUT_KEYS"] + "\r\n", encoding="utf-8-sig")
    required_settings.delenv("HANOUT_KEYS")
    required_settings.setenv("HANOUT_KEYS_FILE", str(path))

    assert list(load_settings().keys()) == ["k1"]


def test_a_file_that_never_ends_is_no_secret(required_settings, tmp_path):
    required_settings.setenv("HANOUT_KEYS", "")
    required_settings.setenv("HANOUT_KEYS_FILE", "/dev/zero")
    with pytest.raises(SettingsError, match="HANOUT_KEYS_FILE: the file is larger than any secret"):
        load_settings().keys()
    required_settings.setenv("SECRETS_FOLDER", str(tmp_path))
    (tmp_path / "telegram_token").write_bytes(b"a" * 100_000)
    with pytest.raises(SettingsError, match="SECRETS_FOLDER: telegram_token: the file is larger"):
        load_settings()


def test_a_file_in_the_folder_of_secrets_wins_over_the_environment(required_settings, tmp_path):
    required_settings.setenv("SECRETS_FOLDER", str(tmp_path))
    required_settings.setenv("ONECLICKDZ_API_KEY", "")
    (tmp_path / "oneclickdz_api_key").write_text("from-a-file\n")
    (tmp_path / "ADMIN_IDS").write_text("7,8\n")
    (tmp_path / "postgres_password").write_bytes(b"\xff of another program")
    (tmp_path / "..data").mkdir()  # as Kubernetes has it
    (tmp_path / "..data" / "price_step").write_text("5")
    (tmp_path / "price_step").symlink_to("..data/price_step")

    settings = load_settings()

    assert settings.oneclickdz_api_key.get_secret_value() == "from-a-file"
    assert "from-a-file" in settings.secrets()
    assert settings.admin_ids == {7, 8}
    assert settings.price_step == 5
    assert settings.telegram_token.get_secret_value() == REQUIRED_SETTINGS["TELEGRAM_TOKEN"]


def test_what_is_wrong_with_the_folder_of_secrets_is_said_without_a_secret(
    required_settings, tmp_path
):
    required_settings.setenv("SECRETS_FOLDER", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match=r"SECRETS_FOLDER: .*none cannot be read: No such file"):
        load_settings()
    required_settings.setenv("SECRETS_FOLDER", str(tmp_path))
    (tmp_path / "telegram_token").write_bytes(b"canary\xff")
    with pytest.raises(SettingsError, match="telegram_token is no text") as refused:
        load_settings()
    assert "canary" not in str(refused.value)
    (tmp_path / "telegram_token").write_text("canary")
    with pytest.raises(SettingsError, match="TELEGRAM_TOKEN: must look like") as refused:
        load_settings()
    assert "canary" not in str(refused.value)
