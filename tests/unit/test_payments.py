"""What a provider's word means, and how each way to pay asks, reads and refuses. No network."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot import errors, refusals
from bot.domain.payments import (
    TRANSITIONS,
    Doubt,
    Limits,
    Method,
    Payment,
    PaymentEvent,
    PaymentReport,
    PaymentState,
    ReportStatus,
    StarRate,
    judge,
    next_state,
)
from bot.domain.records import Customer, Locale
from bot.domain.schedule import until_next_payment_check
from bot.payments.chargily import Chargily
from bot.payments.ocpay import OcPay
from bot.payments.stars import Stars
from bot.payments.transfer import Transfer
from handlers.callback_data import pack
from locales import words
from tests.fakes import START, FakeStarsGateway, HarnessClock

S, E, R = PaymentState, PaymentEvent, ReportStatus
PAYMENT = Payment(
    id=12,
    user_id=5,
    method=Method.OCPAY,
    state=S.OPEN,
    order_id=None,
    asked_minor=250_000,
    stars=0,
    paid_minor=0,
    external_id="OCPL-A1B2C3-D4E5",
    url=None,
    created_at=START,
    expires_at=START + timedelta(minutes=20),
    due_at=None,
    attempts=0,
    settled_at=None,
    decided_by=None,
    reason="",
    message_id=None,
)
RIGHT = PaymentReport(R.CONFIRMED, "OCPL-A1B2C3-D4E5", 250_000, sandbox=False)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("event", E)
def test_every_pair_of_state_and_event_is_listed_or_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(errors.IllegalTransition):
            next_state(state, event)


def test_the_states_that_count_as_paid_are_reached_by_a_confirmation_only():
    into = {event for (_, event), state in TRANSITIONS.items() if state is S.CREDITED}
    assert into == {E.CONFIRM, E.CANCEL_REFUND}
    assert not any((S.RETURNED, event) in TRANSITIONS for event in E)


@pytest.mark.parametrize(
    ("report", "sandbox", "event", "doubt"),
    [
        (RIGHT, False, E.CONFIRM, None),
        (replace(RIGHT, sandbox=True), True, E.CONFIRM, None),
        (replace(RIGHT, sandbox=None), True, E.CONFIRM, None),
        (RIGHT, True, E.CONFIRM, None),
        (replace(RIGHT, sandbox=True), False, E.DOUBT, Doubt.SANDBOX),
        (replace(RIGHT, sandbox=None), False, E.DOUBT, Doubt.SANDBOX),
        (replace(RIGHT, amount_minor=250_001), False, E.DOUBT, Doubt.AMOUNT),
        (replace(RIGHT, amount_minor=249_999), False, E.DOUBT, Doubt.AMOUNT),
        (replace(RIGHT, amount_minor=None), False, E.DOUBT, Doubt.DETAILS),
        (replace(RIGHT, external_id="OCPL-ANOTHER"), False, E.DOUBT, Doubt.REFERENCE),
        (replace(RIGHT, external_id=None), False, E.DOUBT, Doubt.REFERENCE),
        (replace(RIGHT, status=R.PENDING), False, None, None),
        (replace(RIGHT, status=R.FAILED), False, E.EXPIRE, None),
    ],
)
def test_a_report_means(report, sandbox, event, doubt):
    verdict = judge(PAYMENT, report, sandbox=sandbox)

    assert (verdict.event, verdict.doubt) == (event, doubt)
    if event in (E.CONFIRM, E.DOUBT):
        assert verdict.paid_minor == (report.amount_minor or 0), "what was asked is no report"


def test_a_closed_link_closes_once_and_may_still_be_paid():
    expired = replace(PAYMENT, state=S.EXPIRED)

    assert judge(expired, replace(RIGHT, status=R.FAILED), sandbox=False).event is None
    assert judge(expired, RIGHT, sandbox=False).event is E.CONFIRM


@pytest.mark.parametrize(
    ("age", "wait"), [(0, 12), (179, 12), (180, 30), (1499, 30), (1500, 1200), (80_000, 1200)]
)
def test_a_payment_is_asked_for_often_at_first(age, wait):
    assert until_next_payment_check(age, 20 * 60) == wait


def test_stars_and_whole_dinars_are_rounded_up():
    rate = StarRate(150)
    assert [rate.stars_for(amount) for amount in (1, 150, 151, 300)] == [1, 1, 2, 2]
    assert rate.worth(3) == 450
    limits = Limits(200, 1_000)
    asked = [limits.whole_dinars(amount).amount_minor for amount in (1, 200, 201, 1_000)]
    assert asked == [200, 200, 300, 1_000]
    with pytest.raises(refusals.AmountOutOfRange):
        limits.whole_dinars(1_001)


CUSTOMER = Customer(5, Locale.EN)
# No amount of a payment: the last is more than any payment.
SENSELESS_AMOUNTS: tuple[object, ...] = (
    True,
    None,
    [],
    "much",
    "NaN",
    "Infinity",
    0,
    -5,
    10**12,
)


class Calls:
    """Implements the PaymentCalls port with one prepared answer."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, object]] = []

    async def payment_call(self, path, body=None):
        self.asked.append((path, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


CREATED = {
    "paymentLink": {"ref": "OCPL-A1B2C3-D4E5", "isSandbox": False},
    "paymentUrl": "https://pay.example/OCPL-A1B2C3-D4E5",
    "paymentRef": "OCPL-A1B2C3-D4E5",
}


async def test_a_card_link_is_made_for_whole_dinars_without_a_fee():
    calls = Calls(CREATED)

    begun = await OcPay(calls).start(PAYMENT, CUSTOMER)

    assert calls.asked == [
        (
            "ocpay/createLink",
            {"productInfo": {"title": "Hanout HN12", "amount": 2500}, "feeMode": "NO_FEE"},
        )
    ]
    assert (begun.external_id, begun.url) == (CREATED["paymentRef"], CREATED["paymentUrl"])


@pytest.mark.parametrize(
    "answer",
    [
        {"paymentLink": {"ref": "R", "paymentUrl": "https://x"}},
        {"paymentLink": {"paymentRef": "R"}, "paymentUrl": "https://x"},
        {"paymentRef": " R ", "paymentUrl": "http://x"},
    ],
)
async def test_a_link_is_read_in_each_of_its_spellings(answer):
    assert (await OcPay(Calls(answer)).start(PAYMENT, CUSTOMER)).external_id == "R"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"paymentRef": "R"},
        {"paymentRef": "R", "paymentUrl": "javascript:alert(1)"},
        {"paymentRef": "R", "paymentUrl": "https://x y"},
        {"paymentRef": "R" * 101, "paymentUrl": "https://x"},
        {"paymentRef": "R\ud83d", "paymentUrl": "https://x"},
        {"paymentRef": "R\0", "paymentUrl": "https://x"},
        {"paymentRef": 7, "paymentUrl": "https://x"},
        {"paymentLink": "R", "paymentUrl": "https://x"},
    ],
)
async def test_a_link_that_makes_no_sense_is_a_failure(answer):
    with pytest.raises(errors.PaymentFailure):
        await OcPay(Calls(answer)).start(PAYMENT, CUSTOMER)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (errors.RequestRefused("x", "", 403), errors.MerchantRefused),
        (errors.RequestRefused("x", "ERR_VALIDATION", 400), errors.PaymentFailure),
        (errors.AccessRefused("x", "IP_BLOCKED", 403), errors.PaymentFailure),
        (errors.TryLater("x", "", 429), errors.PaymentFailure),
        (errors.SupplierUnavailable("x", "", 502), errors.PaymentFailure),
        (errors.SupplierUnavailable("x"), errors.PaymentFailure),
    ],
)
async def test_a_link_that_is_refused(failure, kind):
    with pytest.raises(errors.PaymentFailure) as raised:
        await OcPay(Calls(failure)).start(PAYMENT, CUSTOMER)
    assert type(raised.value) is kind
    assert raised.value.code


DETAILS = {"amount": 2500, "currency": "DZD", "isSandbox": False}


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        (
            {"status": "CONFIRMED", "paymentRef": "R", "transactionDetails": DETAILS},
            (R.CONFIRMED, "R", 250_000, False),
        ),
        (
            {
                "status": " confirmed ",
                "paymentRef": "R",
                "transactionDetails": {**DETAILS, "amount": Decimal("2500.50")},
            },
            (R.CONFIRMED, "R", 250_050, False),
        ),
        (
            {
                "status": "CONFIRMED",
                "paymentRef": "R",
                "transactionDetails": {**DETAILS, "amount": "2500"},
            },
            (R.CONFIRMED, "R", 250_000, False),
        ),
        (
            {"status": "CONFIRMED", "transactionDetails": DETAILS},
            (R.CONFIRMED, None, 250_000, False),
        ),
        ({"status": "CONFIRMED", "paymentRef": "R"}, (R.CONFIRMED, "R", None, None)),
        (
            {"status": "CONFIRMED", "paymentRef": "R", "transactionDetails": "2500"},
            (R.CONFIRMED, "R", None, None),
        ),
        ({"status": "PENDING"}, (R.PENDING, None, None, None)),
        ({"status": "FAILED", "paymentRef": "R"}, (R.FAILED, "R", None, None)),
        *(
            (
                {
                    "status": "CONFIRMED",
                    "paymentRef": "R",
                    "transactionDetails": {**DETAILS, "amount": amount},
                },
                (R.CONFIRMED, "R", None, False),
            )
            for amount in SENSELESS_AMOUNTS
        ),
        (
            {
                "status": "CONFIRMED",
                "paymentRef": "R",
                "transactionDetails": {**DETAILS, "currency": "EUR"},
            },
            (R.CONFIRMED, "R", None, False),
        ),
        *(
            (
                {
                    "status": "CONFIRMED",
                    "paymentRef": "R",
                    "transactionDetails": {**DETAILS, "currency": currency},
                },
                (R.CONFIRMED, "R", minor, False),
            )
            for currency, minor in (
                ("dzd", 250_000),
                (" DA ", 250_000),
                ("012", 250_000),
                (None, 250_000),
                ("", 250_000),
                ("USD", None),
                (978, None),
                ({}, None),
                (False, None),
            )
        ),
        *(
            (
                {
                    "status": "CONFIRMED",
                    "paymentRef": "R",
                    "transactionDetails": {**DETAILS, "isSandbox": flag},
                },
                (R.CONFIRMED, "R", 250_000, meant),
            )
            for flag, meant in (
                (True, True),
                ("true", True),
                ("false", False),
                ("no", None),
                (0, None),
                (None, None),
            )
        ),
    ],
)
async def test_a_check_is_read(answer, report):
    calls = Calls(answer)

    found = await OcPay(calls).check(PAYMENT)

    assert (found.status, found.external_id, found.amount_minor, found.sandbox) == report
    assert calls.asked == [("ocpay/checkPayment/OCPL-A1B2C3-D4E5", None)]


@pytest.mark.parametrize(
    "failure",
    [
        errors.RequestRefused("x", "", 410),
        errors.RequestRefused("x", "ERR_VALIDATION", 400),
        errors.UnknownAtSupplier("x", "NOT_FOUND", 404),
    ],
)
async def test_a_link_that_is_gone_counts_as_failed(failure):
    assert (await OcPay(Calls(failure)).check(PAYMENT)).status is R.FAILED


async def test_a_check_that_fails_says_nothing_of_the_payment():
    for failure in (
        errors.SupplierUnavailable("x", "", 500),
        errors.TryLater("x"),
        errors.AccessRefused("x"),
    ):
        with pytest.raises(errors.PaymentFailure):
            await OcPay(Calls(failure)).check(PAYMENT)
    with pytest.raises(errors.MerchantRefused):
        await OcPay(Calls(errors.RequestRefused("x", "", 403))).check(PAYMENT)
    for answer in ({}, {"status": "PAID"}, {"status": None}):
        with pytest.raises(errors.PaymentFailure):
            await OcPay(Calls(answer)).check(PAYMENT)


def test_what_is_asked_for_covers_what_is_wanted():
    card, stars = OcPay(Calls({})), Stars(FakeStarsGateway(HarnessClock()), StarRate(150), 100)
    transfer = Transfer(Limits(20_000, 100_000))

    assert card.charge_for(100).amount_minor == 50_000  # 500 dinars at least
    assert card.charge_for(50_001).amount_minor == 50_100
    assert transfer.charge_for(1).amount_minor == 20_000
    assert transfer.charge_for(20_050).amount_minor == 20_100
    assert (stars.charge_for(151).amount_minor, stars.charge_for(151).stars) == (300, 2)
    assert stars.charge_for(0).stars == 1
    for way, much in ((card, 50_000_001), (transfer, 100_001), (stars, 15_001)):
        with pytest.raises(refusals.AmountOutOfRange):
            way.charge_for(much)
    assert card.charge_for(50_000_000).amount_minor == 50_000_000


async def test_what_a_way_cannot_do_it_says():
    transfer, card = Transfer(Limits(1, 2)), OcPay(Calls({}))
    for without_refunds in (transfer, card):
        with pytest.raises(errors.RefundRefused):
            await without_refunds.refund(PAYMENT)
    for way in (transfer, Stars(FakeStarsGateway(HarnessClock()), StarRate(1), 1)):
        with pytest.raises(errors.PaymentFailure):
            await way.check(PAYMENT)
    assert (await transfer.start(PAYMENT, CUSTOMER)).external_id is None


@pytest.mark.parametrize("method", Method)
def test_every_method_fits_into_a_button_and_has_its_texts_and_terms(method):
    assert pack("ways", method) == f"ways:{method}"
    adapters = {one.method: one for one in (Transfer, OcPay, Stars, Chargily)}
    assert adapters[method].terms
    for locale in Locale:
        assert words(locale).plain(f"way-{method}")
        assert words(locale).plain(f"button-pay-{method}")
