"""What is taken for codes where it answers no question, and what is somebody's own words."""

import pytest

from bot.domain.plain_codes import are_pasted_codes

CODES = (
    *("ABCD-EFGH-IJKL", "ABCD-12EF", "X7Q2M9P4", "aB3dE5gH7", "ABCD12EF", "1234567890123456"),
    *("1234 5678 9012 3456", "1234-5678-9012-3456", "this one fails: X7Q2M9P4K1"),
    *("ABCD-EFGH-1234\nABCD-EFGH-5678", "1234567890\n12345678901", "12345678\n87654321"),
    *("https://a.example/r/1\nhttps://a.example/r/2", "Netflix:\nABCD-EFGH-1234"),
)
OWN_WORDS = (
    *("0550123456", "+213 550 12 34 56", "00213550123456", "055-012-3456", "5550123456"),
    *("call 0550123456 or 0661234567", "0550-123-456", "123456789012345", "#1042", "HN12", "K7"),
    *(
        "https://t.me/hanout_bot?start=p_12",
        "see https://a.example/X7Q2M9P4K1",
        "www.example.dz/a1b2c3d4",
    ),
    *("fifa24ultimate", "xbox360live", "playstation5pro", "@ali2000ben7", "ali2b3c4d@example.dz"),
    *("psn 25 $", "FIFA-2025", "ps5\nxbox", "hello\nI paid 2000 DA", "2026-11-27", "", "½²①"),
)


@pytest.mark.parametrize("text", CODES)
def test_codes_are_told_by_their_shape(text):
    assert are_pasted_codes(text.splitlines())


@pytest.mark.parametrize("text", OWN_WORDS)
def test_phone_numbers_ids_links_and_words_are_none(text):
    assert not are_pasted_codes(text.splitlines())
