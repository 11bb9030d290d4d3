"""Every mistake in the settings is a plain sentence that says what to do and shows no value."""

from pathlib import Path

import pytest

from bot.setting_errors import SettingsError
from bot.settings import load_settings
from tests.unit.settings_samples import BAD, BAD_FILES, NUMBER, READ, TELL_ID, TOKEN, UNIT


def refusal() -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return str(refused.value).splitlines()


@pytest.mark.parametrize(("name", "value", "sentence"), BAD)
def test_a_bad_setting_is_one_plain_sentence(required_settings, name, value, sentence):
    required_settings.setenv(name, value)

    lines = refusal()

    assert lines == [f"{name}: {sentence}"]
    assert "canary" not in lines[0]
    assert TOKEN not in lines[0]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_bad_file_is_one_plain_sentence(required_settings, content, sentence):
    raw = content if isinstance(content, bytes) else content.encode()
    Path(".env").write_bytes(raw)
    if "A_B" in str(content):  # only the first of its mistakes is of interest
        assert refusal()[0] == sentence
        return

    assert refusal() == [sentence]


@pytest.mark.parametrize(("name", "value", "meaning"), READ)
def test_what_people_write_is_read(required_settings, name, value, meaning):
    required_settings.setenv(name, value)

    assert str(getattr(load_settings(), name.lower())) == meaning


@pytest.mark.usefixtures("required_settings")
def test_a_file_from_windows_is_read():
    text = (
        "\ufeffexport PRICE_STEP = 5\r\nSUPPORT_CONTACT='@a b' # ours\r\n\r\nMAX_QUANTITY=\"7\"\r\n"
    )
    Path(".env").write_bytes(text.encode())

    settings = load_settings()

    assert settings.price_step == 5
    assert settings.max_quantity == 7
    assert settings.support_contact == "@a b"


@pytest.mark.usefixtures("required_settings")
def test_names_of_other_programs_are_left_alone(monkeypatch):
    Path(".env").write_text(
        "COMPOSE_PROJECT_NAME=x\nPGPASSWORD=x\nHTTPS_PROXY=x\nNEW_URL=x\nOLD_URL=postgresql://u@h/d\n"
    )
    for name in ("HANOUT_SERVICE_HOST", "HANOUT_WATCH_PORT_9464_TCP_ADDR", "TELEGRAM_BOT_API_PORT"):
        monkeypatch.setenv(name, "tcp://10.0.0.1")
    for name in (
        "STARSHIP_SHELL",
        "STARSHIP_SESSION_KEY",
        "STARSHIP_CONFIG",
    ):  # a prompt of the shell
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HOMEPAGE", "x")
    monkeypatch.setenv("ADMIN_ID", "x")  # ADMIN_IDS is set, so this is somebody else's

    assert load_settings().price_step == 10


@pytest.mark.parametrize("kind", ["folder", "link", "forbidden", "broken"])
@pytest.mark.usefixtures("required_settings")
def test_a_file_that_cannot_be_read_is_one_sentence(monkeypatch, kind):
    path = Path(".env")
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("nowhere")
    else:
        path.write_text("PRICE_STEP=5\n")
        error = PermissionError() if kind == "forbidden" else OSError(5, "Input/output error")

        def fail(_self) -> bytes:
            raise error

        monkeypatch.setattr(Path, "read_bytes", fail)

    assert refusal() == [
        {
            "folder": ".env: is no file; remove it and make the file by `cp .env.example .env`",
            "link": ".env: is a link to a file that is not there",
            "forbidden": ".env: this user may not read it; give it to the user of the shop by chown",
            "broken": ".env: cannot be read: Input/output error",
        }[kind]
    ]


def test_all_mistakes_are_listed_at_once(required_settings, tmp_path):
    Path(".env").write_text("PRICE_STPE=5\nMARKUP_PERCENT=x\n")
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "telegram_tokn").write_text("canary")
    required_settings.setenv("SECRETS_FOLDER", str(folder))
    required_settings.setenv("ADMIN_IDS", "")
    required_settings.setenv("QUOTE_LIFETIME", "10")

    assert refusal() == [
        "PRICE_STPE: no setting has this name (line 1 of .env); PRICE_STEP has, is that meant?",
        "TELEGRAM_TOKN: no setting has this name (in SECRETS_FOLDER); TELEGRAM_TOKEN has, is that meant?",
        f"ADMIN_IDS: is empty: put your Telegram id there; {TELL_ID}",
        f"MARKUP_PERCENT: {NUMBER}",
        f"QUOTE_LIFETIME: {UNIT}",
    ]


def test_all_contradictions_are_listed_at_once(required_settings):
    for name, value in {
        "SUPPLIERS": "starship",
        "STARSHIP_API_KEY": "sk_live_canary",
        "STARSHIP_API_SECRET": "canary",
        "STARSHIP_DINARS": "245,5",
        "STARSHIP_DINARS_SINCE": "2026-11-01",
        "PUBLIC_URL": "https://shop.example",
        "PAYMENT_METHODS": "ocpay,stars,transfer",
        "TRANSFER_INSTRUCTIONS_EN": "CCP",
        "TRANSFER_MINIMUM": "300000",
        "TELEGRAM_WEBHOOK_URL": "https://shop.example:81",
        "WATCH_LISTEN": "0.0.0.0:8080",
    }.items():
        required_settings.setenv(name, value)

    assert refusal() == [
        "TELEGRAM_WEBHOOK_URL: Telegram delivers to the ports 443, 80, 88 and 8443 only",
        (
            "STARSHIP_WEBHOOK_SECRET: is missing while PUBLIC_URL is set: put the secret there that Starship signs its "
            "messages with"
        ),
        "TRANSFER_MINIMUM: must be more than 0 and not above TRANSFER_MAXIMUM",
        "STARS_DINARS: is missing while PAYMENT_METHODS has stars: write what one Star puts into a wallet",
        "PAYMENT_METHODS: ocpay belongs to the OneClickDz key; SUPPLIERS lacks it",
        "WATCH_LISTEN: must have another port than WEBHOOK_LISTEN",
    ]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/nowhere", "No such file or directory"), ("/", "Is a directory")],
)
def test_a_file_of_keys_that_cannot_be_read_says_why(required_settings, path, sentence):
    required_settings.setenv("HANOUT_KEYS", "")
    required_settings.setenv("HANOUT_KEYS_FILE", path)

    with pytest.raises(SettingsError) as refused:
        load_settings().keys()

    assert str(refused.value) == f"HANOUT_KEYS_FILE: the file cannot be read: {sentence}"


def test_there_are_fifty_of_them():
    assert len({(name, value) for name, value, _ in BAD}) >= 50
