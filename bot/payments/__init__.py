"""The ways to pay, one adapter each, behind the PaymentMethod port."""
