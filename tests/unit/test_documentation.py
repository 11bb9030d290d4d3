"""The pages say what the code does: every setting has its place."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from bot.settings_reference import SECTIONS, in_environment, render

ROOT = Path(__file__).parents[2]
REQUIRED = {
    "telegram_token": "1:a",
    "admin_ids": "1",
    "hanout_keys": "k1:" + "A" * 43 + "=",
    "oneclickdz_api_key": "canary-key",
}
# In .env.example these show what a value looks like: they have no default that could stand there.
EXAMPLES = {"HANOUT_KEYS_FILE", "STARSHIP_DINARS_SINCE", "TRANSFER_INSTRUCTIONS_FR"}


def example_settings():
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^#? ?([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_page_about_settings_is_up_to_date():
    assert (ROOT / "docs/settings.md").read_text() == render(), "run `make docs`"


def test_every_setting_has_one_place_on_its_page_and_a_description():
    placed = [name for names in SECTIONS.values() for name in names]

    assert sorted(placed) == sorted(Settings.model_fields)
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []


def test_the_page_about_settings_asks_for_no_default_of_a_secret(monkeypatch):
    for field in Settings.model_fields.values():
        if "Secret" in str(field.annotation):
            monkeypatch.setattr(field, "default", "canary-secret")

    assert "canary" not in render()


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - set(REQUIRED)))
def test_a_default_means_the_same_where_it_is_written_into_the_environment(
    monkeypatch, tmp_path, name
):
    monkeypatch.chdir(tmp_path)
    for each in Settings.model_fields:
        monkeypatch.delenv(each.upper(), raising=False)
    for each, value in REQUIRED.items():
        monkeypatch.setenv(each.upper(), value)
    default = getattr(load_settings(), name)
    if not in_environment(default) or "Secret" in str(Settings.model_fields[name].annotation):
        pytest.skip("there is nothing to write")

    monkeypatch.setenv(name.upper(), in_environment(default))

    assert getattr(load_settings(), name) == default


def test_the_example_file_has_every_setting_and_no_other():
    assert set(example_settings()) == {name.upper() for name in Settings.model_fields}


def test_the_example_file_shows_the_defaults():
    for name, shown in example_settings().items():
        field = Settings.model_fields[name.lower()]
        if name in EXAMPLES or field.is_required() or "Secret" in str(field.annotation):
            continue
        default = in_environment(field.default)
        assert shown.casefold() == default.casefold(), name
