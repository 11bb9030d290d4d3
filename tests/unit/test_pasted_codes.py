"""What is taken for codes where it answers no question, and what is somebody's own words."""

import pytest

from bot.domain.plain_codes import are_pasted_codes

CODES = (
    *("ABCD-EFGH-IJKL", "ABCD-12EF", "X7Q2M9P4", "aB3dE5gH7", "ABCD12EF", "1234567890123456"),
    *("1234 5678 9012 3456", "1234-5678-9012-3456", "this one fails: X7Q2M9P4K1"),
    *("ABCD-EFGH-1234\nABCD-EFGH-5678", "1234567890\n12345678901", "12345678\n87654321"),
    *("https://a.example/r/1\nhttps://a.example/r/2", "Netflix:\nABCD-EFGH-1234"),
)
# What stands around codes on other lines, or before and behind one.
LISTS = (
    "Mobilis 1000\n12345678901234\n12345678901235",
    "أكواد موبيليس\n12345678901234\n12345678901235",
    "Voici les codes :\n12345678901234\n12345678901235",
    "Roblox 10$\n1234567890\n1234567891",
    "serial;pin\n998877665544;12345678901234\n998877665545;12345678901235",
    "PIN,Expiry\n12345678901234,2027-12-31",
    "Mobilis\n01234567890123",
    "12345678901234\n12345678901235\nmerci",
    "Netflix 10\nhttps://a.example/r/abc1\nhttps://a.example/r/abc22",
    "https://a.example/r/abc1,10\nhttps://a.example/r/abc22 20",
    "https://a.example/r/1 https://a.example/r/2",
    "PUBG\nfKBpdwYsdkhMxKdq2a\nfKBpdwYsdkhMxKdq3b",
    "PUBG\nABCDEFGHIJ\nKLMNOPQRST",
    "PUBG 60\n12345678 a\n87654321 bc",
)
SINGLE = (
    *("RA-FH27KDL3MPQ9XZ4T", "AB-CDEF-GHIJ-KLMN", "Steam-ABCDE-FGHIJ-KLMNO"),
    *("550e8400-e29b-41d4-a716-446655440000", "7H2KD_9XQ4P_LM3T8", "ABCDE-FGHIJ-KLMNO-"),
    *("-ABCDE-FGHIJ-KLMNO", "1.ABCDE-FGHIJ-KLMNO", "@ABCDE-FGHIJ-KLMNO"),
    *("PIN 12345678901234 / SN 123456789012", "12345678901234;998877665544"),
    *("RZ12345678901234", "12345-67890-12345", "fKBpd8wYsdkhMxKdqa", "abcdefgh12345678abcdef"),
    *("https://x.y/redeem,ABCD1EFG2HIJ,10", "https://x.y/redeem|12345678901234"),
    *("123456789012", "123456789012345", "1234 5678 9012 34", "XQ7L KM3P DHTV WRZ4"),
    *("PIN: 1234567890", "code 00213550123456", "رمز 1234567890"),
)
OWN_WORDS = (
    *("0550123456", "+213 550 12 34 56", "00213550123456", "055-012-3456", "5550123456"),
    *("+213550123456", "00213 550 12 34 56", "12345678901", "order 1042 of 0550123456"),
    *("call 0550123456 or 0661234567", "0550-123-456", "#1042", "HN12", "K7", "t.me/ali2000ben7"),
    *(
        "https://t.me/hanout_bot?start=p_12",
        "see https://a.example/X7Q2M9P4K1",
        "www.example.dz/a1b2c3d4",
    ),
    *("fifa24ultimate", "xbox360live", "playstation5pro", "@ali2000ben7", "ali2b3c4d@example.dz"),
    *("FIFA24Ultimate", "psn 25 $", "FIFA-2025", "ps5\nxbox", "hello\nI paid 2000 DA"),
    *("2026-11-27", "paid 2000 on 2026-11-27\n3000 on 2026-11-28", "", "½²①", "1 000 000,00 DA"),
    *("HN12 0550 12 34 56", "1042 05 50 12 34 56", "at 2026-11-27 18:30\n2026-11-27 19:30 it was"),
    *("order 1042 2026-11-27 18:30", "Ali\n0550123456", "fifa24ultimate a\nfifa24ultimate bc"),
)


@pytest.mark.parametrize("text", CODES + LISTS + SINGLE)
def test_codes_are_told_by_their_shape(text):
    assert are_pasted_codes(text.splitlines())


@pytest.mark.parametrize("text", OWN_WORDS)
def test_phone_numbers_ids_links_and_words_are_none(text):
    assert not are_pasted_codes(text.splitlines())
