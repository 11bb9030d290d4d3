"""People with roles, or with none any more: forged presses above their role, and whatever is on their screens.

A manager, somebody of support, a former manager, somebody who was asked and somebody who is banned press and type in a
shop where Lina has bought. What is written names who did it: each of that needs a right that they have.
"""

import random
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bot.domain.actions import ActionKind
from bot.domain.ledger import wallet
from bot.domain.people import BanReason
from bot.domain.roles import CAPPED_ACTIONS, RIGHTS, WITHIN_CAP, MemberState, Right, Role
from bot.errors import HanoutError
from bot.sandbox.telegram.chats import Message
from bot.sandbox.telegram.world import Person, buttons
from bot.services.customers.bans import ask_ban, confirm_ban
from bot.services.operations.staffing import Appointment, appoint
from handlers.callback_data import VERBS
from handlers.routes import COMMANDS, OPERATOR_COMMANDS, OPERATOR_PRESSES, OPERATOR_QUESTIONS
from locales import LOCALES, words
from storage.tables import inbox, news, operator_actions, operators, own_batches, pauses, users
from tests.bot_harness import BotHarness, bare
from tests.fuzz.faults import KARIM, LINA, Tally, close_bot, everything_seen, live, open_bot
from tests.fuzz.strangers import ODD_TEXTS, forged
from tests.harness import OPERATOR

MANAGER, SUPPORT, FORMER, ASKED, BANNED = 700, 701, 702, 703, 704
_PEOPLE: Final = (MANAGER, SUPPORT, FORMER, ASKED, BANNED)
_SHARES: Final = (4, 2, 2, 1, 1)  # of all acts
_CAP_MINOR: Final = 300_000
NEEDED_FOR: Final = {
    ActionKind.CREDIT: Right.CREDIT,
    ActionKind.REFUND: Right.REFUND,
    ActionKind.COMPENSATION: Right.REFUND,
    ActionKind.PAUSE: Right.PAUSE,
    ActionKind.RESUME: Right.PAUSE,
    ActionKind.INBOX: Right.ATTENTION,
    ActionKind.PAYMENT: Right.RECEIPTS,
    ActionKind.REJECT: Right.RECEIPTS,
    ActionKind.PAYMENT_REFUND: Right.STARS,
    ActionKind.METHOD: Right.METHODS,
    ActionKind.CASE: Right.CASES,
    ActionKind.MARKUP: Right.PRICES,
    ActionKind.PRICES: Right.PRICES,
    ActionKind.LINK: Right.CATALOGUE,
    ActionKind.VALUE: Right.PRICES,
    ActionKind.BAN: Right.BAN,
    ActionKind.UNBAN: Right.BAN,
    ActionKind.NOTE: Right.NOTES,
    ActionKind.WRITE: Right.CASES,
    ActionKind.NEWS: Right.NEWS,
    ActionKind.CURATION: Right.CATALOGUE,
    ActionKind.EXPORT: Right.EXPORT,
    ActionKind.STOCK: Right.STOCK,
    ActionKind.TEAM: Right.TEAM,
}
# Who is named by a row, and the right that somebody needs to be named there.
_NAMED: Final = (
    (news, news.c.operator_id, Right.NEWS),
    (pauses, pauses.c.operator_id, Right.PAUSE),
    (pauses, pauses.c.lifted_by, Right.PAUSE),
    (own_batches, own_batches.c.loaded_by, Right.STOCK),
    (users, users.c.banned_by, Right.BAN),
)
_NUMBERS: Final = (*map(str, (0, 1, 2, 3, 4, 5, 6, 8)), *map(str, (LINA, KARIM, *_PEOPLE)))
_WORDS: Final = (
    *("manager", "support", "owner", "shop", "product", "supplier", "oneclickdz", "transfer"),
    *(
        "hour",
        "open",
        "fixed",
        "floor",
        "lang",
        "all",
        "idle",
        "prod",
        "en",
        "fr",
        "today",
        "sales",
    ),
)
_REASONS: Final = (*BanReason, "prices", "soon", "audit", "paid", "unreadable")
# What is done behind the counter, by everybody alike. "=": it is typed; "~": the newest button of this kind.
_DEEDS: Final = (
    (f"=/user {LINA}", f"ucred:{LINA}", "=100 cash"),
    (f"=/credit {LINA} 100 gift",),
    ("=/refund 1 because", "~refund:.*:1"),
    (f"unote:{LINA}", "=a note"),
    (f"umsg:{LINA}", "=Your order is here"),
    (f"uban:{KARIM}", f"ubanw:{KARIM}:fraud", "~uban2:.*:1"),
    ("=/pause", "pz:product:1", "~pzr:.*:prices", "~pzu:.*:hour", "~pzp:.*:0", "~pzgo:.*:1"),
    ("=/resume", "~unpz:"),
    ("=/catalogue p2", "chide:p:2:1"),
    ("ctext:p:2:n:en", "=Another name"),
    ("=/prices p1", "~prup:", "~prgo:.*:1"),
    ("=/markup c1 9",),
    ("sadd", "=Streaming\nMusic TR\n50 TRY", "~sload:", "=1240", "=Z1B2C3D4E5F6", "~sgo:.*:1"),
    ("=/news", "nnew", "=News", "~nskip:.*:fr", "~nskip:.*:ar", "~ncard:", "~ngo:.*:1:"),
    ("ncard:1", "~ngo:1:1:", "ngo:1:1:1", "ngo:1:0:1"),
    ("=/team", "tadd", f"={BANNED}", f"trole:{BANNED}:support", "=5000"),
    (f"tmem:{SUPPORT}", f"trole:{SUPPORT}:manager", "=500000"),
    (f"tout:{SUPPORT}", "~tgo:.*:1"),
    ("=/stats", "~chart:", "chart:sales:today"),
    ("=/export", "~exp:.*:1", "exp:202610:1"),
    ("=/balance", "=/audit", "resume", "circuit:oneclickdz"),
)
_TYPED: Final = ("5", "100 cash", "a note", "PlayStation", "off", "7.5 20", "Fraud, twice")
_KEYS: Final = ("games-consoles", "steam", "1", "2", "0", "c1")
_BEHIND: Final = (*OPERATOR_PRESSES, *OPERATOR_QUESTIONS, "news", "tyes")


@dataclass(frozen=True)
class _Before:
    actions: int
    team: dict[int, tuple[str, str, int]]
    draft: str  # the state of the owner's news
    wallets: dict[int, int]
    read: dict[int, int]  # how much each had read


async def play_staff(empty: Path, count: int, seed: int) -> Tally:
    """`count` acts of five people; nobody does, sees or gets what their role does not allow."""
    chance, tally = random.Random(seed), Tally()
    folder = Path(tempfile.mkdtemp())
    shop = await open_bot(empty, folder)
    try:
        await _furnish(shop, tally)
        before = await _look_before(shop)
        people = [shop.person(user_id) for user_id in _PEOPLE]
        for _ in range(count):
            (who,) = chance.choices(people, _SHARES)
            await _act(shop, who, chance)
            await shop.pump_through()
            shop.clock.pass_time(chance.choice((0.1, 1, 5)))
            tally.tried += 1
            if chance.random() < 0.05:
                await live(shop, tally, 2, 1)
        await live(shop, tally, 5, 1)
        tally.harm += await _harm(shop, before, tally)
        queries = shop.world.queries.values()
        tally.ended["presses"] = len(queries)
        tally.ended["answers to presses"] = sum(query.answer is not None for query in queries)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:300]}")
    finally:
        await close_bot(shop)
        shutil.rmtree(folder)
    tally.harm = [f"staff {seed}: {harm}" for harm in tally.harm]
    return tally


async def _furnish(shop: BotHarness, tally: Tally) -> None:
    """Lina has bought; there are people with roles, and drafts of the owner's that wait for a press."""
    for user_id, locale in zip(_PEOPLE, ("en", "fr", "ar", "en", "fr"), strict=True):
        await shop.person(user_id, locale).say("/start")
        await shop.pump()
    await shop.denomination()
    await shop.press_to_buy(shop.person(LINA), 2)
    await live(shop, tally, 10, 1)
    await shop.hire(MANAGER, Role.MANAGER, _CAP_MINOR)
    await shop.hire(SUPPORT, Role.SUPPORT)
    await shop.hire(FORMER, Role.MANAGER, _CAP_MINOR)
    for command in ("/stats", f"/user {LINA}", "/pause", "/news", "/catalogue p1", "/stock"):
        await shop.person(FORMER).say(command)  # its buttons stay in their chat
        await shop.pump()
    await shop.dismiss(FORMER)
    asked = Appointment("asked", OPERATOR, ASKED, Role.MANAGER, _CAP_MINOR)
    await appoint(shop.shop, asked)
    question = await ask_ban(shop.shop, BANNED, BanReason.FRAUD, key="ban", operator_id=OPERATOR)
    await confirm_ban(shop.shop, OPERATOR, question.action_id)
    await _leave_drafts(shop)
    await live(shop, tally, 3, 1)


async def _leave_drafts(shop: BotHarness) -> None:
    """A news, a pause, prices, a batch and a ban that the owner has not confirmed."""
    owner = shop.person(OPERATOR)
    for typed in ("/news", "/pause", "/prices p1", "/stock"):
        await owner.say(typed)
        await shop.pump()
    for press, typed in (
        ("nnew", "Half the margin"),
        ("nskip:1:fr", ""),
        ("nskip:1:ar", ""),
        ("ncard:1", ""),
        ("pz:shop:0", ""),
        ("pzr:1:prices", ""),
        ("pzu:1:hour", ""),
        ("pzp:1:1", ""),
        ("prup:1:0", ""),
        ("sadd", "Streaming\nNetflix TR\n200 TRY"),
        ("sload:1", "1240"),
        ("", "A1B2C3D4E5F6\nG7H8I9J0K1L2"),
        (f"uban:{KARIM}", ""),
        (f"ubanw:{KARIM}:fraud", ""),
    ):
        if press:
            await shop.press(owner, press)
        if typed:
            await owner.say(typed)
            await shop.pump()


async def _act(shop: BotHarness, who: Person, chance: random.Random) -> None:
    act = chance.random()
    if act < 0.2:
        for step in chance.choice(_DEEDS):
            await _do(shop, who, step)
    elif act < 0.4:
        under = chance.choice((None, None, chance.choice(shop.person(LINA).inbox)))
        await who.forge(_shaped(chance) if chance.random() < 0.8 else forged(chance), under)
    elif act < 0.7:  # a button that they were shown, the newest as often as any before
        shown = [_datas(message) for message in who.inbox]
        older = chance.choice([*filter(None, shown), ["home"]])
        await who.forge(chance.choice(shown[-1] if shown[-1] and act < 0.53 else older))
    elif act < 0.85:
        command = chance.choice([*COMMANDS, *OPERATOR_COMMANDS])
        about = ("", "", "1", f"{LINA}", f"{LINA} 500", "p1", "1 because", "c1 50", "shop")
        await who.say(f"/{command} {chance.choice(about)}".strip())
    else:
        typed = chance.choice((*_TYPED, *_TYPED, *ODD_TEXTS))
        await who.say(typed.strip() or "x")


async def _do(shop: BotHarness, who: Person, step: str) -> None:
    if step.startswith("="):
        await who.say(step[1:])
    elif not step.startswith("~"):
        await who.forge(step)
    elif not await shop.press_newest(who, step[1:]):
        return
    await shop.pump_through()


def _datas(message: Message) -> list[str]:
    return [one["callback_data"] for one in buttons(message) if "callback_data" in one]


def _shaped(chance: random.Random) -> str:
    """Data that a button behind the counter could carry, with numbers of what is there."""
    verb = chance.choice(_BEHIND)
    kinds = (_NUMBERS, _WORDS, _REASONS, _KEYS, ("c", "p"), ("0", "1"), ("n", "h"))
    args = []
    for pattern in VERBS[verb]:
        fitting = [arg for kind in kinds for arg in kind if re.fullmatch(pattern, arg)]
        args.append(chance.choice(fitting))
    return ":".join([verb, *args])


async def _look_before(shop: BotHarness) -> _Before:
    async with shop.store._reader.connect() as db:
        actions = (await db.execute(select(operator_actions.c.id))).all()
        draft = (await db.execute(select(news.c.state))).scalar_one()
    read = {user_id: len(everything_seen(shop, user_id)) for user_id in _PEOPLE}
    return _Before(len(actions), await _team(shop), str(draft), await _wallets(shop), read)


async def _team(shop: BotHarness) -> dict[int, tuple[str, str, int]]:
    async with shop.store._reader.connect() as db:
        rows = (await db.execute(select(operators))).all()
    return {row.user_id: (row.role, row.state, row.cap_minor) for row in rows}


async def _wallets(shop: BotHarness) -> dict[int, int]:
    async with shop.store.reading() as tx:
        return {user_id: await tx.ledger.balance(wallet(user_id)) for user_id in (*_PEOPLE, LINA)}


async def _harm(shop: BotHarness, before: _Before, tally: Tally) -> list[str]:
    team = await _team(shop)
    rights = _rights(team)
    harm = [
        f"{user_id} became {team.get(user_id)}"
        for user_id, was in before.team.items()
        if team.get(user_id) != was
        and not (user_id == ASKED and team.get(user_id) == (was[0], MemberState.ACTIVE, was[2]))
    ]
    harm += [f"{user_id} came to the team" for user_id in team.keys() - before.team.keys()]
    harm += await _undue_actions(shop, before, rights, tally)
    harm += await _undue_rows(shop, rights, before)
    harm += _undue_words(shop, rights, before)
    return harm + await _undone(shop)


def _rights(team: dict[int, tuple[str, str, int]]) -> dict[int, frozenset[Right]]:
    """What each may at the end: only whoever was asked may have come to more, by accepting."""
    found = dict.fromkeys(_PEOPLE, frozenset[Right]())
    for user_id, (role, state, cap) in team.items():
        if state == MemberState.ACTIVE:
            found[user_id] = RIGHTS[Role(role)] | (WITHIN_CAP[Role(role)] if cap else frozenset())
    return found


async def _undue_actions(
    shop: BotHarness, before: _Before, rights: dict[int, frozenset[Right]], tally: Tally
) -> list[str]:
    async with shop.store._reader.connect() as db:
        rows = (await db.execute(select(operator_actions).order_by(operator_actions.c.id))).all()
    harm, moved = [], dict.fromkeys(_PEOPLE, 0)
    capped = CAPPED_ACTIONS[Role.MANAGER]
    for row in rows[before.actions :]:
        kind = ActionKind(row.kind)
        tally.ended[f"{row.operator_id} {kind}"] += 1
        if kind is ActionKind.FORGET:
            continue  # whoever wants to be forgotten
        is_acceptance = kind is ActionKind.TEAM and row.operator_id == ASKED == int(row.target)
        if not is_acceptance and NEEDED_FOR[kind] not in rights[row.operator_id]:
            harm.append(f"{row.operator_id} did {kind} to {row.target}")
        if row.done and kind in capped:
            moved[row.operator_id] += abs(row.amount_minor)
    harm += [f"{user_id} moved {sum_}" for user_id, sum_ in moved.items() if sum_ > _CAP_MINOR]
    return harm


async def _undue_rows(
    shop: BotHarness, rights: dict[int, frozenset[Right]], before: _Before
) -> list[str]:
    harm = []
    async with shop.store._reader.connect() as db:
        for table, column, right in _NAMED:
            for (user_id,) in await db.execute(select(column).where(column.in_(_PEOPLE))):
                if right not in rights[user_id]:
                    harm.append(f"{user_id} is named in {table.name}")
        draft = (await db.execute(select(news.c.state).where(news.c.id == 1))).scalar_one()
    if draft != before.draft:
        harm.append(f"the owner's news is {draft}")
    now = await _wallets(shop)
    gained = {user_id: now[user_id] - was for user_id, was in before.wallets.items()}
    most = sum(_CAP_MINOR for of in rights.values() if Right.CREDIT in of)
    harm += [f"{user_id} gained {sum_}" for user_id, sum_ in gained.items() if sum_ > most]
    return harm


def _undue_words(
    shop: BotHarness, rights: dict[int, frozenset[Right]], before: _Before
) -> list[str]:
    """No code to anybody but Lina; no profit and no page of hers to whoever may not see it."""
    harm = []
    profits = {words(one).plain("chart-legend-profit").lower() for one in LOCALES}
    for user_id, of in rights.items():
        seen = bare(everything_seen(shop, user_id)[before.read[user_id] :])
        harm += [f"{user_id} saw a code" for code in shop.book.codes() if code in seen]
        if Right.PROFIT not in of and any(word in seen.lower() for word in profits):
            harm.append(f"{user_id} saw what the shop earns")
        page = re.search(rf"👤 {LINA} · |#1\b.{{0,40}}PlayStation", seen)
        if Right.CUSTOMERS not in of and page:
            harm.append(f"{user_id} saw Lina's page: {page[0]!r}")
    return harm


async def _undone(shop: BotHarness) -> list[str]:
    async with shop.store._reader.connect() as db:
        aside = await db.execute(select(inbox.c.trouble).where(inbox.c.quarantined_at.is_not(None)))
        troubles = [trouble for (trouble,) in aside]
    harm = [f"an update failed: {one}" for one in troubles if not one.startswith("unreadable")]
    unanswered = [q for q in shop.world.queries.values() if q.answer is None]
    harm += [f"{len(unanswered)} presses without an answer"] if unanswered else []
    known = ("query is too old", "not inline")
    refused = [one for one in shop.world.refused if not any(why in one for why in known)]
    return harm + [f"Telegram refused: {one}" for one in refused]
