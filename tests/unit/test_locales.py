"""English, French and Arabic have the same keys, variables and plural forms, and every key is used."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.domain.records import Locale
from bot.sandbox.telegram.textclean import clean
from locales import BOLD, LOCALES, Words, keys, words
from locales.source import Texts
from locales.typography import set_spaces
from tests.unit.fluent_samples import messages, samples

ROOT = Path(__file__).parents[2]
PLURALS = {
    "en": {"one", "other"},
    "fr": {"one", "other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
}


class Facts(Visitor):
    def __init__(self):
        self.variables, self.selects, self.references = set(), [], []

    def visit_MessageReference(self, node):
        self.references.append(node.id.name)

    def visit_TermReference(self, node):
        self.references.append(f"-{node.id.name}")

    def visit_VariableReference(self, node):
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node):
        self.selects.append(
            {v.key.name for v in node.variants if isinstance(v.key, ast.Identifier)}
        )
        self.generic_visit(node)


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


@pytest.mark.parametrize("path", sorted(ROOT.glob("locales/??/*.ftl")), ids=lambda p: p.name)
def test_a_text_parsed_alone_is_what_the_whole_file_says(path):
    source = path.read_text()
    parser = FluentParser(with_spans=False)
    whole = {e.id.name: e for e in parser.parse(source).body if isinstance(e, ast.Message)}
    texts = Texts(path.parent.name)
    texts.add_source(source)

    assert set(texts.keys()) == set(whole)
    for key, message in whole.items():
        texts.get_message(key)
        assert texts._messages[key].equals(message, ignored_fields=["span", "comment"]), key


def test_a_text_is_parsed_when_it_is_asked_for():
    texts = Texts("en")
    texts.add_source(
        "# A note\none = First\n    line\ntwo = { $n ->\n    [one] 1\n   *[other] n\n }\n"
    )
    texts.add_source("one = Another\n")

    assert set(texts.keys()) == {"one", "two"}
    assert not texts.has_message("one")
    one = texts.get_message("one").value
    assert one is not None
    assert texts.format_pattern(one) == ("First\nline", [])
    assert texts.has_message("one")
    assert not texts.has_message("two")
    with pytest.raises(KeyError):
        texts.get_message("three")


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_names_another(locale):
    """A text is parsed alone, without those that it names: locales/source.py."""
    for key, message in messages(locale).items():
        assert facts(message).references == [], key


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
        assert message.value is not None, key
        shown = re.sub(
            r"\{[^}]*\}",
            "",
            "".join(e.value for e in message.value.elements if isinstance(e, ast.TextElement)),
        )
        assert not re.search("[\u0600-\u06ff] ?[,;?]", shown), key


def test_french_texts_have_their_spaces_whatever_stands_in_the_files():
    for key in keys("fr"):
        for values in samples(words("fr"), key):
            text = words("fr").plain(key, **values)
            assert not re.search(r"[^\s\u202f][;!?](?:\s|$)|[ \u00a0][;!?]", text), key
            assert not re.search(
                r"[^\s]:(?:\s|$)|[ \u202f]:(?:\s|$)", text.replace("\u00a0:", "")
            ), key
            assert not re.search(r"«[^\u00a0]|[^\u00a0]»|[\d \u00a0]%", text), key


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a = Prêt ?", "a = Prêt\u202f?"),
        ("a = Prêt? Oui!", "a = Prêt\u202f? Oui\u202f!"),
        ("a = Prix: { $x }", "a = Prix\u00a0: { $x }"),
        ("a = <b>Prix</b> : { $x }", "a = <b>Prix</b>\u00a0: { $x }"),
        ("a = { $x }: b", "a = { $x }\u00a0: b"),
        ("a = « { $x } »", "a = «\u00a0{ $x }\u00a0»"),
        ("a = «{ $x }» ;", "a = «\u00a0{ $x }\u00a0»\u202f;"),
        ("a = { $x }% et 8 %", "a = { $x }\u202f% et 8\u202f%"),
        ("a = https://t.me/x?y=1 à 23:05", "a = https://t.me/x?y=1 à 23:05"),
        ("a = heures:minutes", "a = heures:minutes"),
        (
            "a = { $n ->\n    [one] un\n   *[other] deux\n }",
            "a = { $n ->\n    [one] un\n   *[other] deux\n }",
        ),
    ],
)
def test_the_spaces_of_french_are_set_when_a_file_is_read(typed, shown):
    assert set_spaces(typed, "fr") == shown
    assert set_spaces(shown, "fr") == shown
    assert set_spaces(typed, "en") == typed


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


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "odd", ["\u030a", "\u0333", "\u033f", "\u2028", "\u202e", "\r", "\x00", "\t"]
)
def test_what_telegram_would_remove_of_a_value_is_never_sent(locale, odd):
    text = words(locale).text("search-none", query=f"a{odd}b")

    assert clean(text) == text
    assert odd not in text


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
    assert words("ar").directed("أهلا\n\u200eshop") == "أهلا\n\u061c\u200eshop"
    assert words("ar").directed("أهلا\n/shop") == "أهلا\n\u200f\u2066\u200e/shop\u2069"


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

    zone = ZoneInfo("Africa/Algiers")
    assert words("en").date(moment, zone) == "22 Nov 2026, 00:30"
    assert words("fr").date(moment, zone) == "22\u00a0nov. 2026 à 00:30"
    assert words("ar").date(moment, zone) == "22 نوفمبر 2026، 00:30"


def test_the_first_of_a_month_is_an_ordinal_in_french():
    first, zone = datetime(2026, 10, 31, 23, 30, tzinfo=UTC), ZoneInfo("Africa/Algiers")

    assert words("fr").day(first, zone) == "1er\u00a0nov."
    assert words("fr").date(first, zone) == "1er\u00a0nov. 2026 à 00:30"
    assert words("fr").whole_date(first.astimezone(zone).date()) == "1er\u00a0nov. 2026"
    assert words("en").day(first, zone) == "1 Nov"


def test_no_line_ends_between_a_french_day_and_its_month():
    moment, zone = datetime(2026, 11, 21, 12, tzinfo=UTC), ZoneInfo("Africa/Algiers")

    assert words("fr").day(moment, zone) == "21\u00a0nov."
    assert words("fr").whole_date(moment.date()) == "21\u00a0nov. 2026"


@pytest.mark.parametrize(
    ("tags", "locale"),
    [
        (("fr", "fr-CA", "FR", "fr_FR", "fr-Latn-CA", " fr "), Locale.FR),
        (("kab", "ber", "zgh", "tzm", "shi", "kab-DZ"), Locale.FR),
        (("ar", "AR-dz", "ar-DZ", "arq", "arz", "ary", "apc-SY", "ar@latin"), Locale.AR),
        (("en", "en-US", "EN"), Locale.EN),
    ],
)
@pytest.mark.parametrize("default", Locale)
def test_a_language_is_found_by_the_first_part_of_its_tag(tags, locale, default):
    assert {Locale.of(tag, default) for tag in tags} == {locale}


@pytest.mark.parametrize("default", Locale)
@pytest.mark.parametrize("tag", ["de", "", None, "arg", "f", "-", "english please"])
def test_any_other_language_reads_the_shops_default(tag, default):
    assert Locale.of(tag, default) is default
