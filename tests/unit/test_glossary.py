"""One word for one thing in each language: no text has a word that stands for another of the glossary."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from fluent.syntax import ast

from locales import LOCALES
from tests.unit.fluent_samples import messages


@dataclass(frozen=True)
class Instead:
    """A word, as a regular expression, that none of our texts has, and what stands there instead.

    `unless`: keys where the word is right, by the reason.
    """

    pattern: str
    word: str
    unless: str = ""


FORBIDDEN: dict[str, tuple[Instead, ...]] = {
    "en": (
        Instead(r"\breturn(?:ed|s|ing)?\b|gi(?:ve|ven|ves|ving) back|gave back|(?:is|comes) back\b", "refund",
                unless=r"watch-"),  # a product that was sold out
        Instead(r"by itself|by themselves|by ourselves|goes? on\b", "continues automatically"),
        Instead(r"\bspoilers?\b|\bcovered\b", "hidden"),
        Instead(r"\bdenominations?\b", "value"),
        Instead(r"\bitems?\b", "product"),
        Instead(r"\bcoupons?\b|\bvouchers?\b", "code"),
        Instead(r"\bdeposits?\b|\brefill\b|\bpaid in\b(?! time)|\bpaying in\b", "top-up"),
        Instead(r"\bcredits?\b", "balance, top up", unless=r"menu-credit|transfer-receipt"),  # the verb
        Instead(r"\bfrozen\b|\bblocked\b|\breserved\b", "held", unless=r"case-unreachable"),  # a bot
        Instead(r"\bvendors?\b", "supplier"),
        Instead(r"\bhelpdesk\b|\badmins?\b|\bstaff\b", "support, operator"),
        Instead(r"\bbuyers?\b|\busers?\b", "customer"),
        Instead(r"\bbills?\b", "invoice"),
        Instead(r"\bpurchased\b", "bought"),
        Instead(r"\bclaims?\b|\btickets?\b", "case, conversation with support"),
        Instead(r"\buser id\b|\byour number\b|\bthe number\b", "Telegram id"),
        Instead(r"\bserials?\b(?! number)", "serial number"),
        Instead(r"\bDZD\b", "DA"),
        Instead(r"\bsandbox\b", "test mode, test key"),
        Instead(r"\bunavailable\b", "sold out; not available right now"),
        Instead(r"\d %|\} %", "8%, without a space"),
        Instead(r"\bsimply\b|\bunfortunately\b|\bmended\b|\blacks?\b|all the same|any more\b.*not asked",
                "plain words", unless=r"alert-balance_empty"),  # "for lack of balance"
        Instead(r"\bwe will write\b|\bwe look\b", "we’ll message you, we check"),
        Instead(r"\w'\w", "’ as apostrophe"),
    ),
    "fr": (
        Instead(r"\brend(?:re|u|ue|us|ues|ons)\b|\bretourn", "remboursé"),
        Instead(r"tout seul|toute seule|d[’']elle-même|de lui-même|de nous-mêmes|\bseules?\b(?=[.,;]| après)",
                "automatiquement"),
        Instead(r"\bcachée?s?\b|\bspoilers?\b|\bcouvert", "masqué"),
        Instead(r"\barticles?\b", "produit"),
        Instead(r"\bordres?\b|\bcommande d’achat\b", "commande"),
        Instead(r"\brubriques?\b", "catégorie"),
        Instead(r"\bcoupons?\b|\bbons?\b(?! de)", "code"),
        Instead(r"\bn°", "numéro"),
        Instead(r"\béchanger\b|\bracheter\b|\brédimer\b", "utiliser"),
        Instead(r"\bporte-monnaie\b|\b(?:votre|le) compte\b(?! chez)", "portefeuille",
                unless=r"how-any"),  # the account at the brand
        Instead(r"\bcrédit(?:s|é|és)?\b", "solde, recharge"),
        Instead(r"\bversements?\b|\bdépôts?\b", "recharge"),
        Instead(r"\bbloqué[es]*\b|\bgelé|\bretenu", "réservé", unless=r"case-unreachable"),  # a bot
        Instead(r"\ble support\b|\bSAV\b|\badministrateur", "l’assistance, opérateur"),
        Instead(r"\butilisateurs?\b|\bacheteurs?\b", "client"),
        Instead(r"\bjustificatifs?\b|\btickets?\b", "reçu"),
        Instead(r"\btransferts?\b", "virement"),
        Instead(r"\bmotif\b", "référence", unless=r"transfer-reference|alert-order_not_found"),  # explained
        Instead(r"\bDZD\b", "DA"),
        Instead(r"\bétoiles?\b", "Stars"),
        Instead(r"\bsandbox\b|\bbac à sable\b", "mode test"),
        Instead(r"(?<!code )\bPIN\b", "code PIN"),
        Instead(r"\bde là\b", "via ce fournisseur"),
        Instead(r"\bappuy", "toucher"),
        Instead(r"\bnous insistons\b|\bsuit son cours\b|\bsuivra son cours\b|fraîchement", "French as it is spoken"),
        Instead(r"\} (?:ont |sont )?(?:rembours|crédit|ajout|retir|arriv|rest)\w*[ée]s\b",
                "a sum agrees with nothing: « Remboursé : 1 500 DA »"),
        Instead(r"\w'\w", "’ as apostrophe"),
    ),
    "ar": (
        Instead(r"تيليجرام|تلغرام|تلجرام|تليغرام|\bTelegram\b", "تيليغرام"),
        Instead(r"رقمك(?! السري)|رقم حسابك", "معرّفك"),
        Instead(r"\u066a", "% beside Latin digits"),
        Instead(r"إيداع|تعبئة", "شحن الرصيد"),
        Instead(r"إرجاع|مرتجع|استرداد|يُستردّ|أُرجع", "إعادة المبلغ",
                unless=r"how-any-find"),  # what the brand's menu says
        Instead(r"مغطا|سبويلر", "مخفي"),
        Instead(r"الملف (?:الخاص|\{)|ملفك|سُوّي|تسوية|سيسوّي", "المحادثة مع الدعم"),
        Instead(r"شكوى|(?<!إ)بلاغ", "المحادثة مع الدعم"),
        Instead(r"بخطوات", "بزيادة … في كل مرة"),
        Instead(r"دفع(?:ة|ات|تان|تين|تك)(?!\w)", "عملية دفع، مدفوعات",
                unless=r"(?:\w+-)?(?:batch-)?stock(?![a-z])"),  # a batch of codes
        Instead(r"الصفحة الأولى", "الصفحة الرئيسية"),
        Instead(r"الثمن:", "المجموع:"),
        Instead(r"كود|قسيمة|كوبون", "رمز"),
        Instead(r"سلعة|سلع\b", "منتج"),
        Instead(r"طلبية", "طلب"),
        Instead(r"صنف|(?<![\w])قسم(?![\w])", "فئة"),
        Instead(r"السيريال", "S/N"),
        Instead(r"حوالة", "تحويل"),
        Instead(r"إيصال", "وصل"),
        Instead(r"العميل|المستخدم", "الزبون"),
        Instead(r"المدير|الأدمن", "المشغّل"),
        Instead(r"المزوّد(?! الدفع)", "المورّد"),
        Instead(r"مجمّد", "محجوز"),
        Instead(r"لوحده|من تلقاء نفس", "تلقائيًا"),
        Instead(r"خدمة الزبائن(?! مستمرة)", "الدعم"),
        Instead(r"السؤال الحالي|سؤال معلّق", "الخطوة الحالية"),
        Instead(r"سنكتب لك|نكتب لك", "سنراسلك"),
        Instead(r"نجوم Telegram|\bStars\b", "نجوم تيليغرام"),
        Instead(r"DZD|\bDA\b", "دج"),
        Instead(r"[٠-٩۰-۹]", "Western digits"),
    ),
}  # fmt: skip


def texts(locale: str) -> Iterator[tuple[str, str]]:
    """What a reader sees of each message, with { … } for its variables and without commands."""
    for key, message in messages(locale).items():
        if key.startswith("button-language") or message.value is None:
            continue  # in three languages
        yield key, re.sub(r"/[a-z]+", "/…", "".join(_shown(message.value)))


def _shown(pattern: ast.Pattern) -> Iterator[str]:
    for element in pattern.elements:
        if isinstance(element, ast.TextElement):
            yield re.sub(r"</?b>", "", element.value)
        elif isinstance(element.expression, ast.SelectExpression):
            for variant in element.expression.variants:
                yield from _shown(variant.value)
                yield " "
        elif isinstance(element.expression, ast.VariableReference):
            yield "{ … }"


def wrong_words(locale: str, key: str, text: str) -> list[str]:
    return [
        f"{key}: {found[0]!r}, instead of {rule.word!r}, in {text!r}"
        for rule in FORBIDDEN[locale]
        if (found := re.search(rule.pattern, text, re.IGNORECASE))
        and not (rule.unless and re.fullmatch(rf"(?:{rule.unless}).*", key))
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_has_a_word_that_stands_for_another(locale):
    assert [found for key, text in texts(locale) for found in wrong_words(locale, key, text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_exception_is_still_needed(locale):
    for rule in FORBIDDEN[locale]:
        for part in filter(None, rule.unless.split("|")):
            assert any(
                re.match(part, key) and re.search(rule.pattern, text, re.IGNORECASE)
                for key, text in texts(locale)
            ), (rule.word, part)


# Texts of earlier versions, each with its fault.
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "{ $returned } is back in your wallet."),
        ("en", "The rest follows; it goes on by itself."),
        ("en", "The codes arrive here, covered until you tap them."),
        ("en", "{ $date } · paid in · { $amount }"),
        ("en", "cost + { $percent } % + { $fixed }"),
        ("en", "When the cause is mended, press."),
        ("fr", "↩️ Rendre les Stars"),
        ("fr", "si c’est trop long, l’argent vous revient tout seul."),
        ("fr", "{ $returned } remboursés dans votre portefeuille."),
        ("fr", "Les codes arrivent ici, cachés jusqu’à ce que vous les touchiez."),
        ("fr", "Ventes de là suspendues jusqu’à la recharge."),
        ("fr", "n° de série"),
        ("fr", "L'assistance examine"),
        ("ar", "نحفظ رقمك في تيليجرام"),
        ("ar", "لم يقبل Telegram رسائل إليك"),
        ("ar", "التكلفة + { $percent } ٪"),
        ("ar", "↩️ إرجاع النجوم"),
        ("ar", "سُوّي الملف { $number }."),
        ("ar", "تصلك الرموز هنا مغطاة"),
        ("ar", "بخطوات من { $step }."),
    ],
)
def test_words_of_earlier_texts_are_found(locale, text):
    assert wrong_words(locale, "any-key", re.sub(r"\{ \$\w+ \}", "{ … }", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_bad_news_has_no_exclamation_mark(locale):
    assert [key for key, text in texts(locale) if "!" in text] == []


def test_a_line_of_arabic_begins_with_an_arabic_word_or_a_value():
    allowed = {
        *(
            "delivery-pin",
            "delivery-serial",
            "delivery-reference",
            "file-name",
        ),  # rows of codes, a file
        *(
            "links",
            "markup",
            "help",
            "prices-usage",
        ),  # lists of commands, which are typed as they stand
    }
    wrong = [
        (key, line)
        for key, text in texts("ar")
        for line in text.split("\n")
        if key not in allowed and re.match(r"\W*[A-Za-z]", re.sub(r"\{ … \}", "ق", line))
    ]
    assert wrong == []


# Words that follow a number: what counts them has to have their plural forms.
COUNTED = {
    "en": "Stars?|days?|codes?|orders?|hours?|minutes?|seconds?|products?|customers?|people|values?|messages?"
    "|times?|centimes?|pages?|cases?|payments?|items?|tasks?",
    "fr": "Stars?|jours?|codes?|commandes?|heures?|minutes?|secondes?|produits?|clients?|personnes?|valeurs?"
    "|messages?|centimes?|pages?|dossiers?|paiements?|opérations?",
    "ar": "نجم|نجوم|يوم|أيام|رمز|رموز|طلب|ساعة|ساعات|دقيقة|دقائق|ثانية|ثوان|منتج|زبون|زبائن|شخص|أشخاص|قيم"
    "|رسال|رسائل|مرة|مرات|سنتيم|صفح|محادث|دفع|عملي",
}
NOT_COUNTED = {
    "ar": {"alert-clock_stepped", "alert-supplier_clock"},  # 25:00:00 is a time, no number of hours
}


def counted_as_text(locale: str, message: ast.Message) -> list[str]:
    """The variables beside a countable word that has one form only."""
    found: list[str] = []
    elements = message.value.elements if message.value else []
    for value, after in pairwise(elements):
        if (
            isinstance(value, ast.Placeable)
            and isinstance(value.expression, ast.VariableReference)
            and isinstance(after, ast.TextElement)
            and re.match(rf"(?:</b>)?[ \u00a0\u202f](?:{COUNTED[locale]})\b", after.value + " ")
        ):
            found.append(value.expression.id.name)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_counted_has_plural_forms(locale):
    exempt = NOT_COUNTED.get(locale, set())
    wrong = {
        key: found
        for key, message in messages(locale).items()
        if not any(key.startswith(part) for part in exempt)
        and (found := counted_as_text(locale, message))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "a = Lasts about { $days } days"),
        ("en", "a = <b>{ $stars }</b> Stars bring it"),
        ("fr", "a = { $seconds } secondes"),
        ("ar", "a = يكفي نحو { $days } يوم"),
    ],
)
def test_a_countable_with_one_form_is_found(locale, text):
    from fluent.syntax import FluentParser

    (message,) = FluentParser().parse(text + "\n").body
    assert isinstance(message, ast.Message)
    assert counted_as_text(locale, message)
