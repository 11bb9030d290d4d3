"""Postings: each sums to zero, names its order, and has a key of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import (
    Entry,
    Posting,
    PostingKind,
    credit,
    may_be_negative,
    release_escrow,
    reserve,
    sale,
)
from bot.errors import Invariant


@given(st.integers(1, 10**12))
def test_every_posting_sums_to_zero(amount):
    for posting in (
        credit("k", 1, amount, ""),
        credit("k", 1, -amount, ""),
        reserve(1, 1, amount),
        sale(1, amount),
        release_escrow(1, 1, amount),
    ):
        assert sum(entry.amount_minor for entry in posting.entries) == 0


def test_a_posting_that_does_not_add_up_cannot_be_made():
    with pytest.raises(Invariant, match="posting k does not sum to zero"):
        Posting("k", PostingKind.SALE, (Entry("sales", 1),))
    with pytest.raises(Invariant, match="nothing to move from wallet:1 to escrow:2"):
        reserve(2, 1, 0)
    with pytest.raises(Invariant, match="nothing to move from funding to wallet:1"):
        credit("k", 1, 0, "")
    assert may_be_negative("funding")
    assert not may_be_negative("wallet:1")


def test_every_posting_of_an_order_names_it_and_has_a_key_of_its_own():
    postings = [reserve(7, 1, 5), sale(7, 5), release_escrow(7, 1, 5, note="why")]

    assert [posting.order_id for posting in postings] == [7, 7, 7]
    assert [posting.key for posting in postings] == ["hold:7", "sale:7", "return:7"]
    assert [posting.note for posting in postings] == ["", "", "why"]
    assert release_escrow(7, 1, 5, key="return:7:held").key == "return:7:held"
    assert release_escrow(7, 1, 5).note == ""
    assert sale(7, 5, 3).key == "sale:7:3"
    assert credit("k", 1, 5, "note").kind is PostingKind.CREDIT
