"""The part of the tour that goes behind the counter: stock, a customer, pauses, the shelf, news, the team, a closing."""

from datetime import time
from typing import TYPE_CHECKING

from bot import errors
from bot.domain.curation import OwnText
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.services.catalogue.links import find_products
from bot.services.messaging.inbox import MOST_ATTEMPTS, record_failed_attempt
from bot.services.operations.closing import tell_closing
from bot.services.selling.access import pause_for_access
from bot.services.selling.pauses import pause_selling
from bot.services.wallet.methods import switch_off
from handlers.routes import OPERATOR_COMMANDS
from tests.bot_harness import LINA, PNG
from tests.harness import OPERATOR

if TYPE_CHECKING:
    from tests.outsiders.tour import Tour


async def keep_stock(tour: "Tour") -> None:
    """Own codes, from a new product to a withdrawn batch."""
    operator = tour.operator
    await tour.type_all(operator, "/stock")
    await tour.press_all(operator, "sadd")
    await tour.type_all(operator, "Streaming\nNetflix TR\n200 TRY")
    await tour.press_all(operator, "sadd")
    await tour.type_all(operator, "Streaming\nNetflix TR\n300 TRY")
    await tour.press_all(operator, "sdrop:2", "sval:1", "sload:1")
    await tour.type_all(operator, "1240", "A1B2C3D4E5F6\nG7H8I9J0K1L2")
    await tour.press_all(operator, "sgo:1:1", "sask:1", "sout:1", "sload:1")
    await tour.type_all(operator, "1240")
    await operator.attach(b"code,pin\nM3N4P5Q6R7S8,1234\n", "codes.csv", photo=False)
    await tour.pump()
    await tour.press_all(operator, "sgo:2:0", "stock", "spage:0", "sbats:1:0")


async def look_up_a_customer(tour: "Tour") -> None:
    """Found in each way that there is, looked at, written to, credited, banned and served again."""
    operator = tour.operator
    await tour.type_all(operator, f"/user {LINA}")
    pages = [f"uord:{LINA}:0", f"umon:{LINA}:0", f"upay:{LINA}:0", f"user:{LINA}"]
    await tour.press_all(operator, *pages)
    await tour.press_all(operator, f"ucred:{LINA}")
    await tour.type_all(operator, "50 cash")
    await tour.press_all(operator, f"unote:{LINA}")
    await tour.type_all(operator, "asked for an invoice")
    await tour.press_all(operator, f"umsg:{LINA}")
    await tour.type_all(operator, "Your invoice is on its way.")
    await tour.type_all(operator, "/user")
    request = tour.application.user_data[OPERATOR]["request"]
    for _ in range(2):  # once more where nobody asks any more
        await operator.share(LINA, request)
        await tour.pump()
    await tour.type_all(operator, "/user")
    await operator.forward("where is my code", tour.lina)
    await tour.pump()
    for answer in (0, 1):
        await tour.press_all(operator, f"uban:{LINA}", f"ubanw:{LINA}:fraud")
        await tour.press_newest(operator, f"uban2:.*:{answer}")
    await tour.press_all(operator, f"uban:{LINA}")
    await tour.press_newest(operator, "uban2:.*:1")


async def pause_by_hand(tour: "Tour") -> None:
    operator = tour.operator
    await tour.type_all(operator, "/pause")
    await tour.press_all(operator, "pzfind")
    await tour.type_all(operator, "PlayStation USA")
    await tour.press_newest(operator, "pz:product:.*")
    await tour.press_newest(operator, "pzr:.*:words")
    await tour.type_all(operator, "Back after the holiday.")
    await tour.press_newest(operator, "pzu:.*:tomorrow")
    await tour.press_newest(operator, "pzp:.*:0")
    await tour.press_newest(operator, "pzgo:.*:1")
    await tour.type_all(operator, "/resume")
    await tour.press_all(operator, "pzall:0")
    await tour.press_newest(operator, "unpz:.*")


async def write_news(tour: "Tour") -> None:
    """A news in two languages to people who bought, sent; another one thrown away."""
    operator = tour.operator
    await tour.type_all(operator, "/news")
    await tour.press_all(operator, "nnew")
    await tour.type_all(operator, "Half the margin until Sunday.", "La moitié de la marge.")
    await tour.press_newest(operator, "nskip:1:ar:.*")
    await tour.press_all(operator, "nwho:1", "nbuy:1")
    await tour.type_all(operator, "PlayStation USA")
    await tour.press_newest(operator, "nseg:1:prod:.*")
    await tour.press_all(operator, "nseg:1:all:0", "nwal:1")
    await tour.type_all(operator, "100")
    await tour.press_all(operator, "nseg:1:all:0", "nbtn:1")
    await tour.type_all(operator, "PlayStation USA")
    await tour.press_newest(operator, "nprod:1:.*")
    await tour.press_all(operator, "ntext:1:ar")
    await tour.type_all(operator, "x" * 4096)
    await tour.press_newest(operator, "ntext:1:ar")
    await operator.attach(PNG, "news.png", "نصف الهامش", photo=True)
    await tour.pump()
    await tour.press_all(operator, "ntry:1", "ncard:1")
    await tour.press_newest(operator, "ngo:1:1:.*")
    await tour.live(10)
    await tour.press_all(operator, "nstop:1")
    await tour.press_all(operator, "nnew", "ndraft:2", "ngo:2:0")


async def build_a_team(tour: "Tour") -> None:
    """Somebody is chosen by an id and by Telegram's list, accepts, is changed, and is removed."""
    operator = tour.operator
    await tour.type_all(operator, "/team")
    await tour.press_all(operator, "tadd")
    await tour.type_all(operator, str(LINA))
    await tour.press_all(operator, "tadd")
    await operator.share(LINA, tour.application.user_data[OPERATOR]["request"])
    await tour.pump()
    await tour.press_newest(operator, "trole:.*:support")
    await tour.type_all(operator, "5000")
    await tour.run(5)
    await tour.press_newest(tour.lina, "tyes:.*")
    await tour.press_all(operator, "team", f"tmem:{LINA}", f"tcap:{LINA}")
    await tour.type_all(operator, "0")
    await tour.press_all(operator, f"tout:{LINA}")
    await tour.press_newest(operator, "tgo:.*:1")


async def close_a_day(tour: "Tour") -> None:
    tour.set_policy(closing_at=time(0))
    assert await tell_closing(tour.shop) == 1
    await tour.run(5)


_NAME = "Carte de la console"
_GUIDE = "1. Open the app.\n2. Type the code.\nhttps://store.example/redeem"
_NAMED, _TOLD = OwnText(_NAME).fingerprint, OwnText(_GUIDE).fingerprint


async def keep_the_shelf(tour: "Tour") -> None:
    """A product and a category: named, described, moved, limited, hidden and shown again."""
    operator = tour.operator
    await tour.type_all(operator, "/catalogue playstation", "/catalogue p1", "/catalogue")
    await tour.press_all(operator, "cshelf:games-consoles:0", "cnew:0", "ccat", "cprod:1")
    await tour.press_all(operator, "cname:p:1", "ctext:p:1:n:fr")
    await tour.type_all(operator, _NAME)
    await tour.press_all(operator, f"cback:p:1:n:fr:{_NAMED}", "chow:1", "ctext:p:1:h:en")
    await tour.type_all(operator, _GUIDE)
    await tour.press_all(operator, "cmax:1")
    await tour.type_all(operator, "5")
    await tour.press_all(operator, "cmost:1:0", "cval:1:0", "cfeat:1:1", "cfeat:1:0")
    await tour.press_all(operator, "cmove:p:1:0", "cmove:c:games-consoles:0")
    await tour.press_all(operator, "chide:p:1:1", "ccancel:p:1", "chide:p:1:0")
    await tour.press_all(operator, f"cback:p:1:h:en:{_TOLD}", "cpic:p:1", "cpask:1")
    await operator.attach(PNG, "", photo=True)
    await tour.pump()
    await tour.press_all(operator, "cpshow:1")
    await tour.press_newest(operator, "cpoff:")
    await tour.press_newest(operator, "cpback:")
    await tour.press_all(tour.lina, "prod:1", "pic:1")
    await tour.press_newest(tour.lina, "picx:")


async def try_prices(tour: "Tour") -> None:
    """A price table from its categories to a rule that is used and taken back."""
    operator = tour.operator
    value = await tour.denomination()
    product = tour.shop.shelf.denomination(value).product_id
    await tour.type_all(operator, "/prices", "/prices below 50", "/prices playstation")
    await tour.press_all(operator, "prices:0", "prbelow:5000:0", f"cprice:{product}")
    category = tour.shop.shelf.product(product).category_id
    await tour.press_all(operator, f"prcat:{category}", f"cprice:{product}")
    for pattern in ("prup:", "prdown:", "prtype:"):
        await tour.press_newest(operator, pattern)
    await tour.type_all(operator, "7.5 20")
    await tour.press_newest(operator, "prwhich:.*:fixed:")
    await tour.press_newest(operator, f"prvalue:.*:fixed:{value}$")
    await tour.type_all(operator, "90000")
    await tour.press_newest(operator, "prgo:.*:1")
    await tour.press_newest(operator, "prundo:")
    await tour.press_newest(operator, "prgo:.*:1")
    await tour.press_newest(operator, "prwhich:.*:floor:")
    await tour.press_newest(operator, "prpage:")


async def operate(tour: "Tour") -> None:
    operator = tour.operator
    await tour.type_all(operator, *(f"/{name}" for name in OPERATOR_COMMANDS))
    await tour.type_all(operator, "/order 1", "/payments HN1", "/stats all", "/markup c1 5 20")
    await tour.type_all(operator, "/markup c1 off", "/link PlayStation", "/credit 5 100 CCP")
    products = find_products(tour.shop, "PlayStation")
    (mine,) = [p for p in products if p.title == "PlayStation USA"]
    (theirs,) = find_products(tour.shop, "PlayStation Store")
    await tour.type_all(operator, f"/link p{mine.id} p{theirs.id}", "/link")
    await tour.press_all(operator, "links:0")
    await tour.press_newest(operator, "link:")
    await tour.press_all(operator, "chart:sales:7d", "exp:202610:0", "exp:202610:1")
    await tour.press_all(operator, "stats:7d", "actions:0", "inbox", "resume", "again")
    await tour.press_all(operator, "value:1", "amount:1:0", "amount:1:1")
    await tour.store.write(pause_selling, tour.shop, PauseReason.AUDIT)
    await tour.press_all(operator, "resume")
    await pause_for_access(tour.shop, "oneclickdz", errors.AccessRefused("IP_BLOCKED", "", 403))
    await tour.press_all(operator, "circuit:oneclickdz")
    await switch_off(tour.shop, Method.OCPAY, "MERCHANT")
    await tour.press_all(operator, "method:ocpay")
    tour.set_policy(confirm_above_minor=100)
    for answer in (0, 1):
        await tour.say("/credit 5 200", operator)
        await tour.press_newest(operator, f"credit:.*:{answer}")
    await _quarantine_one(tour)
    await tour.press_all(operator, "inbox")


async def _quarantine_one(tour: "Tour") -> None:
    """An update that was stored, and whose handling failed as often as it is tried."""
    number = await tour.lina.say("/start")
    await tour.polling.poll()
    tour.application.update_queue.get_nowait()
    for _ in range(MOST_ATTEMPTS):
        await record_failed_attempt(tour.shop, number, "KeyError")


async def refuse_and_return(tour: "Tour") -> None:
    """An order that an operator gives back, after the question whether to."""
    tour.book.handling_seconds = 10**6
    await tour.order_of(tour.lina, 1)
    await tour.live(10)
    async with tour.store.reading() as tx:
        newest = (await tx.orders.page(LINA, 0, 1))[0][0]
    await tour.say(f"/refund {newest.id} too slow", tour.operator)
    await tour.press_newest(tour.operator, "refund:.*:0")
    await tour.say(f"/refund {newest.id} too slow", tour.operator)
    await tour.press_newest(tour.operator, "refund:.*:1")
