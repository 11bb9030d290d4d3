"""`hanout setup`: a new shop, a second run, wrong answers, and everything that may stop it."""

import re
import stat
from datetime import UTC, datetime

import pytest

from bot.settings import load_settings
from bot.setup import checks, pairing
from bot.setup.asking import NAMES
from bot.setup.questions import QUESTIONS
from locales import LOCALES, keys, words
from tests.integration.setting_up import STOP, first_answers, machine, without_addresses

__all__ = ["machine"]
WELL = {
    "en": "Telegram: the token is accepted",
    "fr": "Telegram : jeton accepté",
    "ar": "تيليغرام: رمز البوت مقبول",
}
MARKS = re.compile("[\u2066\u2068\u2069]")
LANGUAGES = {"en": "This is @", "fr": "C’est @", "ar": "هذا @"}


def test_every_question_has_its_texts_and_no_text_is_without_a_question():
    for kind in ("ask", "help", "wrong"):
        found = {
            key.removeprefix(f"setup-{kind}-")
            for key in keys("en")
            if key.startswith(f"setup-{kind}-")
        }
        assert found - {"unit"} == {question.key for question in QUESTIONS}


@pytest.mark.parametrize("language", LOCALES)
async def test_a_new_shop_is_set_up_in_each_language(machine, language):
    key = machine.key()

    said = await machine.set_up(*first_answers(machine, key), language=language)

    assert (said.status, said.left) == (0, [])
    assert LANGUAGES[language] + "HanoutShopBot" in said.text
    assert words(language).plain("setup-kind-sandbox").split()[0] in said.text
    assert "ok " + WELL[language] in said.text
    without_addresses(machine)
    settings = load_settings()
    assert settings.telegram_token.get_secret_value() == machine.token
    assert settings.admin_ids == {1000}
    assert settings.default_language == language
    assert len(settings.keys()) == 1
    assert stat.S_IMODE(machine.env.stat().st_mode) == 0o600
    assert stat.S_IMODE((machine.folder / "data").stat().st_mode) == 0o700
    for secret in (machine.token, key, *filter(None, settings.secrets())):
        assert secret not in said.text


async def test_the_language_is_asked_first_where_none_is_given(machine):
    machine.monkeypatch.setenv("LANG", "fr_DZ.UTF-8")

    said = await machine.set_up("3", STOP, language="")

    assert said.text.startswith("Language · Langue · اللغة 1. Français 2. English 3. العربية")
    assert "رمز البوت" in said.text
    assert said.status == 130


async def test_a_second_run_takes_what_is_there_and_changes_nothing(machine):
    await machine.set_up(*first_answers(machine, machine.key()))
    before = machine.env.read_bytes()

    said = await machine.set_up(*[""] * 9)

    assert (said.status, said.left, said.asked) == (0, [], 9)
    assert machine.env.read_bytes() == before
    assert "stays as it is" in said.text
    machine.env.chmod(0o644)
    await machine.set_up(*[""] * 9)
    assert (stat.S_IMODE(machine.env.stat().st_mode), machine.env.read_bytes()) == (0o600, before)


async def test_what_is_spelled_otherwise_stays_as_it_is_spelled(machine):
    await machine.set_up(*first_answers(machine, machine.key()))
    text = machine.file().replace("ADMIN_IDS=1000", "ADMIN_IDS=1000، 2000")
    text += "SUPPLIERS= OneClickDz ,\nDEFAULT_LANGUAGE=FR\nMARKUP_PERCENT='8,5 %'\nPAYMENT_METHODS=OCPAY\n"
    machine.env.write_text(text)

    said = await machine.set_up(*[""] * 9)

    assert (said.status, said.left) == (0, [])
    assert machine.file() == text
    assert "[2] >" in said.text  # French


async def test_a_second_run_changes_what_is_answered_otherwise_and_nothing_else(machine):
    await machine.set_up(*first_answers(machine, machine.key()))
    before = machine.file().replace(
        "# Most codes", "# my own note\nMAX_QUANTITY=7 # seven\n# Most codes"
    )
    before += "RSYNC_RSH=ssh -p 2222\n"
    machine.env.write_text(before)

    said = await machine.set_up(*[""] * 4, "12.5", *[""] * 4, "1")

    assert said.status == 0
    assert machine.file() == before.replace(
        "# MARKUP_PERCENT=8\n", "# MARKUP_PERCENT=8\nMARKUP_PERCENT=12.5\n"
    )
    await machine.set_up(*[""] * 4, "9", *[""] * 4, "1")
    assert machine.has("MARKUP_PERCENT") == "9"


@pytest.mark.parametrize("there", [True, False])
async def test_ctrl_c_at_any_question_leaves_everything_as_it_was(machine, there):
    answers = list(first_answers(machine, machine.key()))
    if there:
        machine.env.write_text("# mine\nPRICE_STEP=5\n")
    for at in range(len(answers)):
        said = await machine.set_up(*answers[:at], STOP)

        assert said.status == 130
        assert "as it was" in said.text
        assert said.asked == at
        assert [p.name for p in machine.folder.iterdir()] == ([".env"] if there else [])
        assert not there or machine.file() == "# mine\nPRICE_STEP=5\n"


async def test_the_end_of_the_input_and_a_no_leave_everything_as_it_was(machine):
    answers = first_answers(machine, machine.key())

    ended = await machine.set_up(*answers[:4])
    declined = await machine.set_up(*answers[:-1], "2")

    assert (ended.status, declined.status) == (1, 1)
    assert list(machine.folder.iterdir()) == []


WRONG = [
    # what is typed before, the wrong answers
    (0, ["hello", "4567", "bot12:abc", "https://api.telegram.org/bot12:abc/getMe"], "token"),
    (1, ["@lina", "-100123", "12x", "7000000001", "1,,x"], "operators"),
    (2, ["3", "x", "1,9", "steam"], "suppliers"),
    (3, ["two words", "'quoted'", "café"], "oneclickdz-key"),
    (4, ["-1", "many", "1001", "1,234"], "markup"),
    (5, ["4", "1,2", "de"], "language"),
    (6, ["5", "1,x", "cash"], "payments"),
    (7, ["shop.db", "mysql://x/y", "sqlite:///", "sqlite:///a${HOME}"], "database"),
    (8, ["a${HOME}b"], "backups"),
]


@pytest.mark.parametrize("language", LOCALES)
async def test_a_wrong_answer_is_told_in_one_sentence_and_asked_again(machine, language):
    answers = first_answers(machine, machine.key())
    for at, wrong, key in WRONG:
        said = await machine.set_up(*answers[:at], "?", *wrong, STOP, language=language)

        text = MARKS.sub("", words(language).plain(f"setup-wrong-{key}", **NAMES))
        assert said.text.count(" ".join(text.split()[:3])) == len(wrong), key
        assert said.left == []
        for each in wrong:
            assert key not in ("token", "oneclickdz-key") or each not in said.text


async def test_enter_alone_is_no_answer_where_one_is_needed(machine):
    said = await machine.set_up("", "", STOP)

    assert said.text.count("An answer is needed here.") == 2


@pytest.mark.parametrize("language", LOCALES)
async def test_what_the_supplier_says_of_a_key_is_told_and_another_is_asked(machine, language):
    read_only = machine.key(scope="READ-ONLY")
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:3], "unknown", read_only, *answers[3:], language=language)

    assert said.status == 0
    assert machine.has("ONECLICKDZ_API_KEY") == answers[3]
    for end in ("key", "scope"):
        told = words(language).plain(f"setup-refused-{end}", server="OneClickDz")
        assert told.split(".")[0].split()[-1] in said.text
    assert words(language).money(50_000_000).split("\xa0")[0].replace("\u202f", " ") in said.text


async def test_a_token_that_telegram_refuses_is_asked_again(machine):
    said = await machine.set_up("7000000001:wrong", machine.token, STOP)

    assert "Telegram does not accept this token." in said.text
    assert "This is @HanoutShopBot" in said.text


async def test_an_answer_that_cannot_be_checked_may_be_kept_and_the_doctor_says_so(machine):
    machine.monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(answers[0], "1", "9", "2", *answers[1:])

    assert said.text.count("Telegram: the connection was refused.") == 2
    assert "A number from 1 to 3" in said.text
    assert said.status == 1
    assert machine.has("TELEGRAM_TOKEN") == machine.token
    assert "FAIL Telegram" in said.text
    assert "see what FAIL names" in said.text


async def test_a_setting_that_is_not_asked_and_stands_in_the_way_of_a_check_is_named(machine):
    machine.env.write_text("TELEGRAM_PROXY=nonsense\n")

    said = await machine.set_up(machine.token, "3", STOP)

    assert "are wrong in the file or the environment: TELEGRAM_PROXY" in said.text


async def test_keys_of_both_suppliers_have_to_be_of_one_kind(machine):
    live, test = (machine.simulation.vouchers.add_key(kind) for kind in ("live", "test"))
    answers = (machine.token, "1000", "1,2", machine.key())
    rest = ("245.50", "2026-11-01", "", "", "0", "", "", "1")

    said = await machine.set_up(*answers, *live, test[0], "wrong", *test, *rest)

    assert said.status == 0
    assert "The key of Starship and that of OneClickDz are of two kinds" in said.text
    assert "Starship does not accept this key." in said.text
    assert machine.has("STARSHIP_API_KEY") == test[0]
    assert machine.has("STARSHIP_API_SECRET") == test[1]
    assert machine.has("STARSHIP_DINARS_SINCE") == "2026-11-01"
    assert machine.has("SUPPLIERS") == "oneclickdz,starship"


async def test_payment_methods_are_offered_with_their_rule_and_their_settings_are_asked(machine):
    chargily = machine.simulation.chargily.keys
    first = (machine.token, "1000", "1", machine.key(), "", "2")
    how = (
        "2,1,3,4",
        r"CCP 12\nNom : l'ami # 3",
        "0",
        "2",
        "wrong",
        chargily[True],
        chargily[False],
    )

    said = await machine.set_up(*first, *how, "", "", "1")

    assert said.status == 0
    assert "Telegram Stars: what the terms ask for when digital goods are sold" in said.text
    assert "Write a number of dinars above 0" in said.text
    assert said.text.count("Chargily Pay does not accept this key.") >= 1
    without_addresses(machine)
    settings = load_settings()
    assert settings.payment_methods == ("ocpay", "transfer", "stars", "chargily")
    assert settings.transfer_instructions_fr == "CCP 12\nNom : l'ami # 3"
    assert settings.chargily_secret_key.get_secret_value() == chargily[False]


async def test_ocpay_needs_oneclickdz(machine):
    starship = machine.simulation.vouchers.add_key("test")

    said = await machine.set_up(
        machine.token, "1000", "2", *starship, "245", "", "", "", "2", "0", STOP
    )

    assert "OCPay belongs to a OneClickDz key." in said.text
    assert "Where is the database?" in said.text


async def test_the_address_follows_the_kind_of_a_key(machine):
    from bot.setup.draft import Draft
    from bot.setup.setting_pairs import follow_up

    def address(name: str, key: str, setting: str, **file: str) -> str:
        draft = Draft(file, {})
        draft.put(name, key)
        follow_up(draft, name)
        return draft.changes().get(setting, "")

    playground = "https://api-playground.starshiprewards.com"
    assert address("STARSHIP_API_KEY", "sk_test_1", "STARSHIP_BASE_URL") == playground
    assert address("STARSHIP_API_KEY", "sk_live_1", "STARSHIP_BASE_URL") == ""
    there = {"STARSHIP_BASE_URL": playground}
    assert address("STARSHIP_API_KEY", "sk_live_1", "STARSHIP_BASE_URL", **there).endswith(
        "//api.starshiprewards.com"
    )
    mine = {"STARSHIP_BASE_URL": "http://127.0.0.1:9"}
    assert address("STARSHIP_API_KEY", "sk_test_1", "STARSHIP_BASE_URL", **mine) == ""
    assert "/test/" in address("CHARGILY_SECRET_KEY", "test_sk_1", "CHARGILY_BASE_URL")


async def test_an_error_of_the_programs_own_is_one_sentence(machine):
    def fail(*_words):
        raise RuntimeError("canary")

    machine.monkeypatch.setattr(checks, "check_telegram", fail)

    said = await machine.set_up(machine.token)

    assert said.status == 70
    assert "an error of its own (RuntimeError)" in said.text
    assert "canary" not in said.text


async def test_help_is_asked_by_the_sign_of_any_keyboard(machine):
    said = await machine.set_up("?", "؟", STOP)

    assert said.text.count("send /newbot") == 2


async def test_a_new_rate_is_of_today_unless_another_day_is_said(machine):
    key, secret = machine.simulation.vouchers.add_key("test")
    first = (machine.token, "1000", "2", key, secret, "245", "2026-01-31", "", "", "0", "", "", "1")
    await machine.set_up(*first)
    assert machine.has("STARSHIP_DINARS_SINCE") == "2026-01-31"

    await machine.set_up(*[""] * 12)
    same = machine.has("STARSHIP_DINARS_SINCE")
    before = f"{datetime.now(UTC):%Y-%m-%d}"
    await machine.set_up(*[""] * 5, "250", *[""] * 7)
    renewed = machine.has("STARSHIP_DINARS_SINCE")
    after = f"{datetime.now(UTC):%Y-%m-%d}"  # another day than before, about midnight
    both = ["STARSHIP_DINARS_SINCE=2026-02-01", "STARSHIP_DINARS=251"]
    await machine.set_up(yes=True, values=both)

    assert same == "2026-01-31"
    assert renewed in {before, after}
    assert machine.has("STARSHIP_DINARS_SINCE") == "2026-02-01"


# ---- the operator's id, read from a message


async def test_the_id_is_read_from_a_message_with_the_number_and_no_update_is_lost(machine):
    machine.monkeypatch.setattr("secrets.randbelow", lambda _most: 23_456)
    stranger = machine.simulation.world.person(66, "Eve")
    lina = machine.simulation.world.person(1234, "Lina\x1b[2J")
    await stranger.say("123457")
    await lina.say("١٢٣٤٥٦")
    waiting = len(machine.simulation.world.queue.items)

    said = await machine.set_up(machine.token, "٠", "1", STOP)

    assert "Now send this number to @HanoutShopBot in Telegram: 123456" in said.text
    assert "with the id 1234. Is that you?" in said.text
    assert "\x1b" not in said.text
    assert "Which supplier does the shop buy" in said.text
    assert len(machine.simulation.world.queue.items) == waiting


async def test_somebody_else_is_not_taken_and_nobody_is_waited_for_only_so_long(machine):
    machine.monkeypatch.setattr("secrets.randbelow", lambda _most: 23_456)
    machine.monkeypatch.setattr(pairing, "SECONDS", 1.0)

    nobody = await machine.set_up(machine.token, "0", STOP)
    await machine.simulation.world.person(66, "Eve").say("123456")
    somebody = await machine.set_up(machine.token, "0", "2", "1000", STOP)

    assert "No message with that number came." in nobody.text
    assert "Which supplier" not in nobody.text
    assert "Which supplier" in somebody.text


async def test_no_message_is_read_while_a_shop_runs(machine):
    machine.monkeypatch.setattr(pairing, "is_running", lambda _settings: True)

    said = await machine.set_up(machine.token, "0", STOP)

    assert "Or write 0" not in said.text
    assert "That isn’t a person’s Telegram id." in said.text
    assert not any(method == "getUpdates" for _, method, _ in machine.simulation.world.calls)
