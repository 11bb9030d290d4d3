"""The callback data of buttons, `verb:arg[:arg]`.

What comes back may be forged, so it is checked.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.refusals import NotFound

LIMIT_BYTES: Final = 64

_ID = r"\d{1,16}"  # an id of Telegram, of at most 52 bits, has sixteen digits
_WORD = r"[a-z0-9]{1,12}"
_REASON = r"[a-z_]{1,12}"
_KEY = r"[a-z0-9_-]{1,32}"  # of a category or a brand
_SCOPE = r"[cp]"  # c: a category by its key, p: a product by its id
_YES_NO = r"[01]"

VERBS: Final[dict[str, tuple[str, ...]]] = {
    "home": (),
    "cat": (_ID, _ID),  # a supplier's category, page
    "shelf": (_KEY, _ID),  # category, page
    "brand": (_KEY, _ID),  # brand, page
    "find": (),
    "worth": (_KEY, _ID),  # brand, value in hundredths
    "face": (_ID, _ID),  # range, value in hundredths
    "prod": (_ID,),
    "vals": (_ID, _ID),  # product, page of its values
    "pic": (_ID,),  # product: its picture
    "picx": (_ID,),  # product: take its picture out of the chat
    "den": (_ID,),
    "sold": (_ID,),
    "watch": (_ID,),  # denomination to tell of when it is back in stock
    "unwatch": (_ID,),
    "watches": (),
    "remind": (_ID,),  # 1: remind before codes expire, 0: do not
    "link": (_ID, _ID),  # alias product, primary product or 0 to drop it
    "links": (_ID,),  # page of the linked products
    "qty": (_ID, _ID),  # denomination, how many
    "buy": (_ID,),  # quote
    "orders": (_ID,),  # page
    "order": (_ID,),
    "rebuy": (_ID,),  # order to buy the same of once more
    "show": (_ID,),
    "hide": (_ID,),
    "how": (_ID,),  # order: how its codes are redeemed
    "problem": (_ID,),  # order: a code of it is refused
    "ask": (_ID,),  # order: ask support about it
    "receipt": (_ID,),  # order: what was paid and refunded
    "wallet": (_ID,),  # page
    "topup": (),
    "ways": (_WORD,),  # payment method
    "top": (_WORD, _ID),  # payment method, amount in whole dinars
    "type": (_WORD,),  # payment method: ask for the amount
    "pay": (_ID, _WORD),  # order, payment method
    "paid": (_ID,),  # payment
    "cancel": (_ID,),  # order
    "case": (),
    "tell": (_ID,),  # message of the customer's for support
    "solved": (_ID,),  # case that its customer closes
    "reopen": (_ID,),  # case
    "stop": (),  # end the question that is open
    "langs": (),
    "lang": (_WORD,),
    "privacy": (),
    "mydata": (),  # the customer's data as a file
    "forget": (),  # ask whether to forget the customer
    "erase": (_ID,),  # when that was asked, in seconds since 1970
    "stats": (_WORD,),
    "chart": (_WORD, _WORD),  # kind of picture, span
    "exp": (_ID, _ID),  # month such as 202610, 1 to send its file or 0 to leave it
    "refund": (_ID, _ID),  # action (refund of an order), 1 to confirm or 0 to drop it
    "circuit": (_WORD,),  # supplier
    "resume": (),
    "value": (_ID,),  # denomination to sell again though its cost was in doubt
    "inbox": (),
    "again": (),  # try the items again that fail
    "credit": (_ID, _ID),  # action (large credit), 1 to confirm or 0 to drop it
    "payment": (_ID,),
    "accept": (_ID,),  # payment
    "amount": (_ID, _ID),  # action (payment with another amount), 1 to confirm or 0 to drop it
    "other": (_ID,),  # payment: ask for the amount that came
    "reject": (_ID,),  # payment
    "why": (_ID, _REASON),  # payment, reason of the rejection
    "return": (_ID,),  # payment to refund
    "back": (_ID, _ID),  # action (refund of a payment), 1 to confirm or 0 to drop it
    "actions": (_ID,),  # page
    "method": (_WORD,),  # payment method to offer again
    "settled": (_ID,),  # case to close
    "pz": (_WORD, _WORD),  # what to pause: shop, supplier or product; its name or id
    "pzfind": (),  # ask for the product to pause
    "pzr": (_ID, _REASON),  # draft of a pause, why
    "pzu": (_ID, _WORD),  # draft of a pause, until when
    "pzp": (_ID, _ID),  # draft of a pause, 1 where paid orders wait too
    "pzgo": (_ID, _ID),  # draft of a pause, 1 to confirm or 0 to drop it
    "pzall": (_ID,),  # page of the open pauses
    "unpz": (_ID,),  # pause to lift
    "prices": (_ID,),  # page of the categories with their price rules
    "prbelow": (_ID, _ID),  # margin in hundredths of a percent, page
    "cprice": (_ID,),  # product: open its price table
    "prcat": (_ID,),  # supplier's category: open its price table
    "prpage": (_ID, _ID),  # draft of a price table, page
    "prup": (_ID, _ID),  # draft of a price table, page: one percent more
    "prdown": (_ID, _ID),  # draft of a price table, page: one percent less
    "prtype": (_ID,),  # draft of a price table: ask for its percent
    "prwhich": (_ID, _WORD, _ID),  # draft of a price table, fixed or floor, page: of which value
    "prvalue": (_ID, _WORD, _ID),  # draft of a price table, fixed or floor, denomination
    "prundo": (_ID,),  # draft of a price table: try what was before the last change
    "prgo": (_ID, _ID),  # draft of a price table, 1 to use it or 0 to drop it
    "news": (_ID,),  # 1: news of the shop, 0: no more of it
    "nnew": (),  # write news to many people
    "ndraft": (_ID,),  # draft of a news
    "ntext": (_ID, _WORD),  # draft of a news, language: ask for its text
    "nskip": (
        _ID,
        _WORD,
        _ID,
    ),  # draft of a news, language to send nothing in, what is written there
    "nwho": (_ID,),  # draft of a news: whom it is for
    "nseg": (_ID, _WORD, _KEY),  # draft of a news, part of its segment, value
    "nbuy": (_ID,),  # draft of a news: ask what people bought
    "nwal": (_ID,),  # draft of a news: ask above which amount in the wallet
    "nbtn": (_ID,),  # draft of a news: ask for the product of its button
    "nprod": (_ID, _ID),  # draft of a news, product of its button, 0 for none
    "ncard": (_ID,),  # draft of a news: preview, and to how many people it goes
    "ntry": (_ID,),  # draft of a news: send it to the operator alone
    "ngo": (
        _ID,
        _ID,
        _ID,
    ),  # draft of a news, 1 to send it or 0 to throw it away, version of its card
    "nstop": (_ID,),  # news that is being sent
    "user": (_ID,),  # customer, for operators
    "uord": (_ID, _ID),  # customer, page of their orders
    "umon": (_ID, _ID),  # customer, page of their wallet
    "upay": (_ID, _ID),  # customer, page of their payments
    "ucred": (_ID,),  # customer: ask how to change the balance
    "unote": (_ID,),  # customer: their notes, and ask for another
    "umsg": (_ID,),  # customer: ask what to write
    "uban": (_ID,),  # customer: ask why to ban, or whether to end that
    "ubanw": (_ID, _REASON),  # customer, reason of the ban
    "uban2": (_ID, _ID),  # action (ban, or its end), 1 to confirm or 0 to drop it
    "stock": (),
    "sval": (_ID,),  # value of the own stock
    "spage": (_ID,),  # page of the values of the own stock
    "sbats": (_ID, _ID),  # value of the own stock, page of its batches
    "sdrop": (_ID,),  # value of the own stock that was never used: remove it
    "sadd": (),  # ask for a new value
    "sload": (_ID,),  # value of the own stock: load codes of it
    "sgo": (_ID, _ID),  # batch, 1 to put it on sale (2: though held) or 0 to throw it away
    "sask": (_ID,),  # batch: ask whether to withdraw it
    "sout": (_ID,),  # batch to withdraw
    "team": (),
    "tmem": (_ID,),  # member of the team
    "tadd": (),  # ask whom to add
    "trole": (_ID, _WORD),  # person, role they are to have: ask for the cap
    "tcap": (_ID,),  # member: ask for another cap
    "tout": (_ID,),  # member: ask whether to remove them
    "tgo": (_ID, _ID),  # action (removal), 1 to confirm or 0 to drop it
    "tyes": (_ID,),  # invitation to work here that its person accepts
    "ccat": (),  # the shelf, for operators
    "cshelf": (_KEY, _ID),  # category, page of its products
    "cnew": (_ID,),  # page of the new products that came hidden
    "cprod": (_ID,),
    "chide": (_SCOPE, _KEY, _YES_NO),  # category or product, 1 to hide or 0 to show it
    "cfeat": (_ID, _YES_NO),  # product, 1 to put it first
    "cmove": (_SCOPE, _KEY, _YES_NO),  # category or product, 1 for up or 0 for down
    "cname": (_SCOPE, _KEY),  # names of a category or a product
    "chow": (_ID,),  # product: how its codes are redeemed
    "ctext": (_SCOPE, _KEY, r"[nh]", _WORD),  # ask for a name or a how-to in a language
    "cback": (_SCOPE, _KEY, r"[nh]", _WORD, _ID),  # what stands there: undo its last change
    "cpic": (_SCOPE, _KEY),  # picture of a product
    "cpask": (_ID,),  # product: ask for a photo
    "cpshow": (_ID,),  # product: its picture as customers get it
    "cpoff": (_ID, _ID),  # product, what stands there: remove its picture
    "cpback": (_ID, _ID),  # product, what stands there: undo the last change of its picture
    "cmax": (_ID,),  # product: ask for the most of one order
    "cmost": (_ID, _ID),  # product, the most of one order; 0: as in the settings
    "cval": (_ID, _ID),  # product, page of its values
    "ccancel": (_SCOPE, _KEY),  # hidden category or product: cancel its orders that wait for money
}

# Those whose older buttons lack the last argument.
_GREW_BY_A_NUMBER: Final = frozenset({"cat", "wallet", "ngo", "nskip", "cback", "cpoff", "cpback"})


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button: its verb and the arguments, which match VERBS."""

    verb: str
    args: tuple[str, ...]

    def number(self, position: int = 0) -> int:
        """The argument at this position as a number."""
        return int(self.args[position])


def pack(verb: str, *args: int | str) -> str:
    """The callback data of a button. Raises ValueError for data that `parse` would refuse."""
    data = ":".join([verb, *map(str, args)])
    pattern = VERBS[verb]
    if len(args) != len(pattern) or not all(
        re.fullmatch(p, str(a), re.ASCII) for p, a in zip(pattern, args, strict=True)
    ):
        raise ValueError(f"not a button of the shop: {data}")
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"over {LIMIT_BYTES} bytes: {data}")
    return data


def parse(data: str | None) -> Press:
    """Read the callback data of a press. Raises NotFound for data that `pack` would not make.

    Buttons of older versions, which lack the page number, show the first page; those that lack the version of a draft
    name none that is shown, and those that lack what is written in it, or which picture stands there, take nothing away.
    """
    verb, *args = (data or "").split(":")
    pattern = VERBS.get(verb)
    if pattern is None:
        raise NotFound
    if len(args) == len(pattern) - 1 and verb in _GREW_BY_A_NUMBER:
        args = [*args, "0"]
    if len(args) != len(pattern) or not all(
        re.fullmatch(p, a, re.ASCII) for p, a in zip(pattern, args, strict=True)
    ):
        raise NotFound
    return Press(verb, tuple(args))


def pattern_of(verb: str) -> str:
    """A regular expression for CallbackQueryHandler."""
    return rf"^{verb}(:|$)"
