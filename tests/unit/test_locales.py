"""English, French and Arabic have the same keys, variables and plural forms, and every key is used."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.domain.records import Locale
from locales import BOLD, LOCALES, Words, keys, words

ROOT = Path(__file__).parents[2]
PLURALS = {
    "en": {"one", "other"},
    "fr": {"one", "other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
}


class Facts(Visitor):
    def __init__(self):
        self.variables, self.selects = set(), []

    def visit_VariableReference(self, node):
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node):
        self.selects.append(
            {v.key.name for v in node.variants if isinstance(v.key, ast.Identifier)}
        )
        self.generic_visit(node)


def messages(locale):
    found = {}
    for path in sorted((ROOT / "locales" / locale).glob("*.ftl")):
        resource = FluentParser().parse(path.read_text(encoding="utf-8"))
        for entry in resource.body:
            assert not isinstance(entry, ast.Junk), f"{path}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {locale}"
                found[entry.id.name] = entry
    return found


def facts(message):
    visitor = Facts()
    visitor.visit(message)
    return visitor


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_the_same_keys_and_variables(locale):
    english, other = messages("en"), messages(locale)

    assert set(english) == set(other) == keys(locale)
    for key, message in english.items():
        assert facts(message).variables == facts(other[key]).variables, key


@pytest.mark.parametrize("locale", LOCALES)
def test_every_choice_has_all_plural_forms_of_its_language(locale):
    for key, message in messages(locale).items():
        for forms in facts(message).selects:
            assert forms >= PLURALS[locale], (key, forms)


def test_every_key_is_used_somewhere():
    source = "\n".join(
        p.read_text() for top in ("handlers", "bot", "locales") for p in (ROOT / top).rglob("*.py")
    )
    exact = set(re.findall(r"""["']([a-z]+(?:[-_][a-z_0-9]+)*)["']""", source))
    families = set(re.findall(r'f"([a-z]+(?:-[a-z_]+)*-)\{', source))
    unused = {
        k for k in keys("en") if k not in exact and not any(k.startswith(f) for f in families)
    }

    assert unused == set()


def test_every_key_that_code_asks_for_exists():
    source = "\n".join(p.read_text() for p in (ROOT / "handlers").rglob("*.py"))
    asked = set(re.findall(r'words?\.(?:text|plain|label)\(\s*"([a-z0-9_-]+)"', source))
    asked |= set(re.findall(r'screen\.(?:line|add|\w*button)\(\s*"([a-z0-9_-]+)"', source))

    assert asked
    assert asked <= keys("en")


def test_arabic_uses_its_own_punctuation():
    for key, message in messages("ar").items():
        shown = re.sub(
            r"\{[^}]*\}",
            "",
            "".join(e.value for e in message.value.elements if isinstance(e, ast.TextElement)),
        )
        assert not re.search("[\u0600-\u06ff] ?[,;?]", shown), key


def test_french_has_a_no_break_space_before_high_punctuation():
    for key, message in messages("fr").items():
        text = "".join(e.value for e in message.value.elements if isinstance(e, ast.TextElement))
        assert not re.search(r"[^\s\u00a0\u202f][:;!?»](?:\s|$)", text.replace("https:", "")), key
        assert not re.search(r" [;!?]", text), key


@pytest.mark.parametrize(
    ("locale", "shown"), [("en", "8,360\xa0DA"), ("fr", "8\u202f360\xa0DA"), ("ar", "8.360\xa0دج")]
)
def test_money_is_written_as_each_language_does(locale, shown):
    assert words(locale).money(836_000) == shown


def test_centimes_are_shown_only_where_there_are_some():
    assert words("en").money(123_450) == "1,234.50\xa0DA"
    assert words("fr").money(5) == "0,05\xa0DA"


def test_bold_marks_come_from_our_texts_and_never_from_what_is_inserted():
    text = words("en").text("wallet", balance=f"{BOLD}x\u202e")

    assert text == f"👛 Wallet: {BOLD}x\ue001"
    assert BOLD not in words("en").plain("wallet", balance="x")


def test_names_are_isolated_in_arabic_and_arabic_names_elsewhere():
    assert "\u2068PSN\u2069" in words("ar").text("products", category="PSN")
    assert "\u2068" not in words("en").text("products", category="PSN")
    assert "\u2068بطاقات\u2069" in words("en").text("products", category="بطاقات")


def test_every_arabic_line_with_latin_text_is_marked_right_to_left():
    lines = (
        words("ar")
        .text("confirm", product="PSN", value="10 $", count="2", price="5", total="10")
        .splitlines()
    )

    assert lines[1].startswith("\u200f")
    assert not lines[0].startswith("\u200f")
    assert words("ar").directed("أهلا\n123") == "أهلا\n\u200f123"
    # Unicode's rule P2 skips what is isolated: without a mark this line would run from left to right.
    assert words("ar").directed("\u2068شراء\u2069 (\u2068KeyError\u2069)").startswith("\u200f")
    assert words("ar").directed("\u2068PSN\u2069 شراء").startswith("\u200f")
    # Telegram would replace the first of two marks that stand beside each other.
    assert words("ar").directed("أهلا\n/shop") == "أهلا\n\u061c\u200e/shop"


def test_an_unknown_language_is_english_and_an_unknown_key_is_an_error(caplog):
    assert Words("xx").locale == "en"
    with pytest.raises(KeyError):
        words("en").text("no-such-key")
    with pytest.raises(LookupError):
        words("en").text("")
    words("en").text("wallet")
    assert "wallet" in caplog.text


def test_dates_are_in_the_shops_time_zone():
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert words("en").date(moment, ZoneInfo("Africa/Algiers")) == "22 Nov 2026, 00:30"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("fr-Latn-CA", Locale.FR),
        ("AR-dz", Locale.AR),
        ("de", Locale.EN),
        ("", Locale.EN),
        (None, Locale.EN),
        ("en", Locale.EN),
    ],
)
def test_a_language_is_guessed_from_the_first_part_of_its_tag(tag, locale):
    assert Locale.guess(tag) is locale
