"""Every screen in three languages: within Telegram's bounds, codes exact, nothing left unformatted."""

import re
from itertools import product as every

import pytest

from bot import errors, refusals
from bot.domain.code_messages import pack
from bot.domain.jobs import Job
from bot.domain.supplier import Card
from bot.refusals import Refused
from bot.sandbox.telegram import rules
from bot.sandbox.telegram.textclean import clean
from bot.services.catalogue.browse import QuantityView
from handlers.middleware.errors import KEYS, explain
from handlers.richtext import RichText, cut, utf16_length
from handlers.screen import Button, Style
from handlers.screens import alerts, codes, shop
from handlers.screens.attention import job_name
from handlers.screens.reasons import trouble_name
from locales import LOCALES, words
from tests.unit.alert_samples import DATA
from tests.unit.samples import CARDS, CATEGORY, DONE, PRODUCT, ZONE
from tests.unit.screen_samples import OFFERS, screens


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.later)])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_screen_is_one_that_telegram_takes(locale, whole, caplog):
    seen = set()
    for screen in screens(words(locale), whole=whole):
        look = (screen.text, *(button.label for row in screen.rows for button in row))
        if look in seen:
            continue
        seen.add(look)
        rules.check_text(screen.text)
        assert clean(screen.text) == screen.text.strip(" \n"), "the server changes it"
        assert all(clean(b.label) == b.label for row in screen.rows for b in row)
        rules.check_entities(
            screen.text, [{"offset": e.offset, "length": e.length} for e in screen.entities]
        )
        keyboard = screen.keyboard()
        rules.check_keyboard(keyboard.to_dict() if keyboard else None)
        assert "{" not in screen.text
        assert not any("\ue000" <= c <= "\uf8ff" for c in screen.text)
        assert all(b.label and b.label == b.label.strip() for row in screen.rows for b in row)
    assert len(seen) > 300
    assert caplog.text == "", "a text had a variable missing"


@pytest.mark.parametrize("locale", LOCALES)
def test_codes_stand_exactly_under_their_spoilers_and_on_their_buttons(locale):
    (code_message,) = pack(CARDS)
    screen = codes.codes(words(locale), DONE, code_message, 86_400, ZONE)

    raw = screen.text.encode("utf-16-le")
    hidden = [
        raw[e.offset * 2 : (e.offset + e.length) * 2].decode("utf-16-le")
        for e in screen.entities
        if e.type == "spoiler"
    ]
    assert hidden == [
        text
        for card in CARDS
        for text in (card.value, card.pin, card.serial, card.reference)
        if text
    ]
    urls = [b.url for row in screen.rows for b in row if b.url]
    assert urls == [card.link for card in CARDS if card.link]
    copies = [b.copy for row in screen.rows for b in row if b.copy]
    assert sorted(copies) == sorted(t for card in CARDS for t in (card.value, card.pin) if t)
    for line in screen.text.split("\n"):
        for card in CARDS:
            if card.value and card.value in line:
                assert not set(line) & set("\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b")
    assert "CODE-" not in repr(screen)


def test_a_document_holds_codes_line_by_line():
    assert codes.document(pack([Card("A", "1"), Card("B")])[0]) == "A\t1\r\nB\r\n"


def test_bold_and_secret_offsets_count_utf16_units():
    text = RichText().add("👾\ue000bold\ue001 and \ue000\ue001").line("x").secret("👾S")
    assert [(e.type, e.offset, e.length) for e in text.entities] == [
        ("bold", 2, 4),
        ("spoiler", 13, 3),
    ]
    assert utf16_length(text.text) == 16
    assert RichText().line("first").add("\ue001").text == "first"


def test_a_long_text_is_cut_by_utf16_units_and_nothing_of_it_is_lost():
    assert cut("👾" * 2048, 3501) == ("👾" * 1750, "👾" * 298)
    assert cut("short", 10) == ("short", "")
    assert cut("abc", 2) == ("ab", "c")


def leaves(kind):
    for child in kind.__subclasses__():
        yield child
        yield from leaves(child)


def test_every_refusal_has_words_in_every_language():
    examples = {
        refusals.QuantityOutOfRange: (1, 10),
        refusals.ValueOutOfRange: (500, 50_000, 50, "EUR"),
        refusals.QuoteExpired: (1, 1),
        refusals.WalletTooSmall: (500,),
        refusals.RevealsUsedUp: (3,),
        refusals.BadCommand: ("/x",),
        refusals.BadAmount: ("more", "/credit 123456789 1500 CCP 21/11"),
        refusals.BadPercent: ("/markup c3 5 20",),
        refusals.UnknownCustomer: (5,),
        refusals.OtherCurrency: ("DZD", "centimes"),
        refusals.UnknownRecord: ("HN12",),
        refusals.DebitTooLarge: (5, 500),
        refusals.NotRefundable: (7,),
        refusals.CompensationTooLarge: (7, 500),
        refusals.CompensationChanged: (7, 500),
        refusals.CapReached: (5000,),
        refusals.PriceMoveTooLarge: (20,),
        refusals.AmountOutOfRange: (500, 9000),
        refusals.NotReturnable: (500,),
        refusals.CustomerForgotten: ("HN12",),
        refusals.OrderOwnerForgotten: (7,),
        refusals.NoteRefused: (500, 50),
        refusals.BadName: (60,),
        refusals.BadCodes: ("empty", 0),
        refusals.NotHireable: ("unknown",),
        refusals.BadGuide: ("address",),
        refusals.NotEnded: ("2026-11",),
    }
    assert set(KEYS) == set(leaves(Refused))
    for kind, locale in every(KEYS, LOCALES):
        said = explain(words(locale), kind(*examples.get(kind, ())))
        assert said
        assert "{" not in said
        assert len(said) <= 200
    assert explain(words("en"), ValueError("secret")) == words("en").plain("refused-unforeseen")
    assert explain(words("en"), errors.StorageFailure("x")) == words("en").plain("refused-storage")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_background_job_has_words_and_names_its_supplier(locale):
    for job in Job:
        assert job_name(words(locale), job) == words(locale).plain(
            f"job-{job.replace(' ', '-')}", supplier="—"
        )
    assert "starship" in job_name(words(locale), "poll starship")
    assert job_name(words(locale), "polls") == "polls"


@pytest.mark.parametrize("trouble", ["unreadable", "restart"])
def test_what_the_shop_calls_a_trouble_is_said_in_every_language(trouble):
    data = {"alert": "update_quarantined", "trouble": trouble, "count": "1"}
    said = {locale: alerts.alert(words(locale), data).text for locale in LOCALES}
    named = {locale: trouble_name(words(locale), trouble) for locale in LOCALES}

    assert all(named[locale] in said[locale] for locale in LOCALES)
    assert trouble not in said["fr"] + said["ar"]
    assert len(set(named.values())) == len(LOCALES)
    assert trouble_name(words("ar"), "TimedOut") == "TimedOut", "as the log names it"


@pytest.mark.parametrize("locale", LOCALES)
def test_who_can_buy_one_only_reads_of_no_range(locale):
    view = QuantityView(CATEGORY, PRODUCT, OFFERS[0], (1,), 1)

    assert not re.search(r"\b1\b.*\b1\b", shop.refuse_quantity(words(locale), view).text)
    assert words(locale).text("quantity-one") in shop.quantity(words(locale), view).text


def test_the_error_trees_in_the_docstrings_are_the_real_ones():
    for kind in leaves(errors.HanoutError):
        tree = refusals.__doc__ if issubclass(kind, refusals.Refused) else errors.__doc__
        names = [line.lstrip("│├└─ ").partition(" ")[0] for line in (tree or "").splitlines()]
        assert names.count(kind.__name__) == 1, kind


# The buttons that have a colour, by the start of their data: what spends is green, what refuses, gives
# back or ends is red. A card is paid on a page, so that button has a link instead.
COLOURS = {
    "buy": Style.PAY,
    "pay": Style.PAY,
    "cancel": Style.DESTROY,
    "reject": Style.DESTROY,
    "return": Style.DESTROY,
    "erase": Style.DESTROY,
    "sout": Style.DESTROY,
    "nstop": Style.DESTROY,
    "ccancel": Style.DESTROY,
}
CONFIRMED = {
    "refund": Style.DESTROY,
    "back": Style.DESTROY,
    "uban2": Style.DESTROY,
    "tgo": Style.DESTROY,
}  # the yes; the no has none


def colour_of(button: Button) -> Style | None:
    verb, _, rest = (button.data or "").partition(":")
    if verb in CONFIRMED:
        return CONFIRMED[verb] if rest.endswith(":1") else None
    return COLOURS.get(verb)


def test_buttons_that_spend_or_destroy_have_their_colour_and_no_others_do():
    seen: dict[Style, set[str]] = {Style.PAY: set(), Style.DESTROY: set()}
    others = []
    for screen in screens(words("en")):
        for button in (button for row in screen.rows for button in row):
            if button.style is not None:
                assert button.to_telegram().style == button.style
                seen[button.style].add((button.data or "link").partition(":")[0])
            if button.style != colour_of(button):
                others.append((button.label, button.style))

    assert seen[Style.PAY] == {"buy", "pay", "link"}
    assert seen[Style.DESTROY] == {
        "cancel",
        "reject",
        "return",
        "refund",
        "back",
        "credit",
        "erase",
        "ccancel",
        "uban2",
        "sout",
        "nstop",
        "tgo",
    }
    # Three depend on more than their data: the page of a card payment, taking money away, and
    # ending a ban.
    amount = words("en").signed_money(-(10**9))
    assert set(others) == {
        (words("en").plain("button-card"), Style.PAY),
        (words("en").label("button-credit-yes", amount=amount), Style.DESTROY),
        (words("en").label("button-unban-yes"), None),
    }


def test_only_the_buttons_that_move_something_up_or_down_keep_their_sides_in_arabic():
    def rows(locale):
        shown = (row for screen in screens(words(locale)) for row in screen.rows)
        return {tuple(b.data or "" for b in row) for row in shown if len(row) > 1}

    unmirrored = {row for row in rows("en") & rows("ar") if len(set(row)) > 1}

    assert {data.partition(":")[0] for row in unmirrored for data in row} == {"cmove"}


@pytest.mark.parametrize("seconds", [86_400, 600])
@pytest.mark.parametrize(
    ("locale", "tap"),
    [("en", "Tap to see"), ("fr", "Touchez un code"), ("ar", "اضغط على الرمز")],
)
def test_what_has_links_alone_speaks_of_no_code_to_tap(locale, tap, seconds):
    link, code = Card(link="https://claim.example/abc", reference="VR-78"), Card("ABCD-EFGH")

    def shown(*cards):
        return codes.codes(words(locale), DONE, pack(cards)[0], seconds, ZONE).text

    assert tap in shown(code)
    assert tap in shown(link, code)
    assert tap not in shown(link)


@pytest.mark.parametrize(
    ("kind", "is_listed"),
    [
        ("order_not_found", True),
        ("price_drift", True),
        ("cost_fell", True),
        ("outcome_unknown", False),
        ("request_refused", False),
        ("offer_changed", False),
    ],
)
def test_an_alert_of_several_leads_to_attention_where_that_page_lists_them(kind, is_listed):
    data = {**DATA, "alert": kind, "others": "2", "named": "#8 #9"}

    text = alerts.alert(words("en"), data).text

    assert "#8 #9" in text
    assert ("/attention" in text) is is_listed
