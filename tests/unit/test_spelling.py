"""Dinars spelled out: the forms in which each language is irregular."""

import pytest

from locales import LOCALES
from locales.spelling import spell_dinars


@pytest.mark.parametrize(
    ("dinars", "english"),
    [
        (0, "zero dinars"),
        (1, "one dinar"),
        (14, "fourteen dinars"),
        (121, "one hundred and twenty-one dinars"),
        (2_000, "two thousand dinars"),
        (200_000, "two hundred thousand dinars"),
        (1_040_001, "one million forty thousand one dinars"),
        (3 * 10**9, "three billion dinars"),
    ],
)
def test_english(dinars, english):
    assert spell_dinars(dinars, "en") == english


@pytest.mark.parametrize(
    ("dinars", "french"),
    [
        (0, "zéro dinar"),
        (1, "un dinar"),
        (21, "vingt et un dinars"),
        (60, "soixante dinars"),
        (71, "soixante et onze dinars"),
        (77, "soixante-dix-sept dinars"),
        (80, "quatre-vingts dinars"),
        (81, "quatre-vingt-un dinars"),
        (91, "quatre-vingt-onze dinars"),
        (100, "cent dinars"),
        (200, "deux cents dinars"),
        (201, "deux cent un dinars"),
        (1_000, "mille dinars"),
        (80_000, "quatre-vingt mille dinars"),
        (200_000, "deux cent mille dinars"),
        (280_080, "deux cent quatre-vingt mille quatre-vingts dinars"),
        (1_000_000, "un million de dinars"),
        (80_000_000, "quatre-vingts millions de dinars"),
        (1_500_000, "un million cinq cent mille dinars"),
        (2 * 10**9, "deux milliards de dinars"),
    ],
)
def test_french(dinars, french):
    assert spell_dinars(dinars, "fr") == french


@pytest.mark.parametrize(
    ("dinars", "arabic"),
    [
        (0, "صفر دينار"),
        (1, "دينار"),
        (2, "ديناران"),
        (5, "خمسة دنانير"),
        (11, "أحد عشر دينارًا"),
        (12, "اثنا عشر دينارًا"),
        (22, "اثنان وعشرون دينارًا"),
        (100, "مئة دينار"),
        (101, "مئة دينار ودينار"),
        (105, "مئة وخمسة دنانير"),
        (200, "مئتا دينار"),
        (250, "مئتان وخمسون دينارًا"),
        (1_000, "ألف دينار"),
        (2_000, "ألفا دينار"),
        (2_002, "ألفا دينار وديناران"),
        (2_500, "ألفان وخمسمئة دينار"),
        (5_000, "خمسة آلاف دينار"),
        (20_000, "عشرون ألف دينار"),
        (25_300, "خمسة وعشرون ألفًا وثلاثمئة دينار"),
        (102_000, "مئة ألف وألفا دينار"),
        (200_000, "مئتا ألف دينار"),
        (1_200_000, "مليون ومئتا ألف دينار"),
        (3_000_000, "ثلاثة ملايين دينار"),
        (2 * 10**9, "مليارا دينار"),
    ],
)
def test_arabic(dinars, arabic):
    assert spell_dinars(dinars, "ar") == arabic


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_amounts_are_spelled_alike(locale):
    numbers = {*range(1200), *range(1000, 1_300_000, 997), *range(0, 10**12, 10**10 + 7)}

    assert len({spell_dinars(number, locale) for number in numbers}) == len(numbers)


@pytest.mark.parametrize("dinars", [-1, 10**12])
def test_beyond_its_range_nothing_is_spelled(dinars):
    with pytest.raises(ValueError, match=str(dinars)):
        spell_dinars(dinars, "en")
