"""Mistakes in the settings, each with the sentence that tells of it; and what people may write."""

import base64

from tests.unit.conftest import REQUIRED_SETTINGS

TOKEN = REQUIRED_SETTINGS["TELEGRAM_TOKEN"]
KEY = base64.b64encode(bytes(range(32))).decode()
UNIT = "needs a unit after its number: s, m, h or d, such as 30s, 10m, 24h or 2d"
SHAPE = "must be a number and a unit, such as 30s, 10m, 24h or 2d"
WHOLE = "must be a whole number, such as 10"
NUMBER = "must be a number, such as 8 or 8.5"
QUOTES = "; it stands in quotes, write it without them"
TELL_ID = "@userinfobot tells it"
PORT = "must be an address and a port, such as 127.0.0.1:8080"
DAYS = "must be numbers of days from 1 to 366, separated by commas"
FILE = "must name a file after three slashes, such as sqlite:///data/hanout.db"
DATABASE = "must start with sqlite:/// or postgresql://, such as sqlite:///data/hanout.db"
IDS = "must be numbers separated by commas, such as 12345678,87654321"
ONECLICKDZ = "https://api.oneclickdz.com/v3"
# name, value, the sentence after the name
BAD = [
    ("TELEGRAM_TOKEN", "", "is empty: put the bot's token there; @BotFather gives it"),
    ("TELEGRAM_TOKEN", "hello", "must look like 123456:ABC…, as BotFather gave it"),
    (
        "TELEGRAM_TOKEN",
        f'"{TOKEN}"',
        f"must look like 123456:ABC…, as BotFather gave it{QUOTES}",
    ),
    (
        "TELEGRAM_TOKEN",
        f"“{TOKEN}”",
        f"must look like 123456:ABC…, as BotFather gave it{QUOTES}",
    ),
    ("TELEGRAM_TOKEN", f"{TOKEN},{TOKEN}", "must be one token: a shop has one bot"),
    ("TELEGRAM_TOKEN", f"{TOKEN} {TOKEN}", "must be one token: a shop has one bot"),
    ("TELEGRAM_TOKEN", f"bot{TOKEN}", "must stand without bot before its number"),
    (
        "TELEGRAM_TOKEN",
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        "must be the token alone, without https://… and /bot",
    ),
    ("ADMIN_IDS", "", f"is empty: put your Telegram id there; {TELL_ID}"),
    ("ADMIN_IDS", " , ", f"is empty: put your Telegram id there; {TELL_ID}"),
    (
        "ADMIN_IDS",
        "@canary",
        "must be numbers, not @names; @userinfobot tells a person's number",
    ),
    (
        "ADMIN_IDS",
        "-1001234567890",
        "has the id of a group or channel (below 0); only persons can be operators",
    ),
    ("ADMIN_IDS", "123456", f"has the bot's own id; put a person's there; {TELL_ID}"),
    ("ADMIN_IDS", "701 702", IDS),
    ("ADMIN_IDS", "0", "has a number that is no Telegram id; @userinfobot tells yours"),
    ("ADMIN_IDS", "9" * 20, "has a number that is no Telegram id; @userinfobot tells yours"),
    ("ADMIN_IDS", '"701,702"', IDS + QUOTES),
    (
        "ONECLICKDZ_API_KEY",
        "",
        (
            "is missing while SUPPLIERS has oneclickdz: make a READ-WRITE key in the OneClickDz dashboard and put it "
            "there"
        ),
    ),
    (
        "ONECLICKDZ_API_KEY",
        "Bearer canary",
        "must be the key alone, without spaces and other words",
    ),
    (
        "ONECLICKDZ_API_KEY",
        "canàry",
        "has signs that no key has; copy it once more from the dashboard",
    ),
    ("ONECLICKDZ_API_KEY", "'canary'", "must stand without quotes and brackets"),
    (
        "HANOUT_KEYS",
        "",
        "is missing: make a key by `hanout keys new` and put it there (or into HANOUT_KEYS_FILE)",
    ),
    (
        "HANOUT_KEYS",
        KEY,
        "a key needs an id of up to 16 letters or digits and a colon before it, such as k1:",
    ),
    (
        "HANOUT_KEYS",
        f"k1:{KEY[:-3]}",
        "a key is not base64, or was cut off; make one with `hanout keys new`",
    ),
    ("HANOUT_KEYS", "k1:QUJD", "a key must be 32 bytes long; make one with `hanout keys new`"),
    (
        "HANOUT_KEYS",
        f"k1:{KEY},k1:{KEY}",
        "two keys share an id; give the newer one another, such as k2",
    ),
    (
        "HANOUT_KEYS",
        f"k1:{KEY},k2:{KEY}",
        "one key stands there twice, with two ids; leave one of them",
    ),
    ("HANOUT_KEYS", f"'k1:{KEY}'", "the keys must stand without quotes"),
    ("QUOTE_LIFETIME", "24", UNIT),
    ("CODES_VISIBLE_FOR", "86400", UNIT),
    ("ONECLICKDZ_TIMEOUT", "٣٠", UNIT),
    ("QUOTE_LIFETIME", "", "is empty: write a value, or take the line out"),
    ("QUOTE_LIFETIME", "0s", "must be more than 0"),
    ("QUOTE_LIFETIME", "-5m", SHAPE),
    ("QUOTE_LIFETIME", "1h30m", SHAPE),
    ("QUOTE_LIFETIME", "25h", "must be at most 1d"),
    ("CATALOGUE_LIFETIME", "999999999999d", "must be at most 366d"),
    ("CODES_VISIBLE_FOR", "72h", "must be less than 2d"),
    ("PRICE_SHARED_FOR", "10m", "must be at most 5m"),
    ("ONECLICKDZ_TIMEOUT", "1h", "must be at most 10m"),
    ("PAYMENT_WINDOW", "0.5s", "must be at least 1s"),
    ("PAYMENT_WINDOW", "31d", "must be at most 30d"),
    ("MARKUP_PERCENT", "eight", NUMBER),
    ("MARKUP_PERCENT", "1e3", NUMBER),
    ("MARKUP_PERCENT", "NaN", NUMBER),
    ("MARKUP_PERCENT", "-1", "must be at least 0"),
    ("MARKUP_PERCENT", "1001", "must be at most 1,000"),
    (
        "MARKUP_PERCENT",
        "1,500",
        "has a comma that can be read in two ways; write 1500 or 1.5",
    ),
    ("MARKUP_FIXED", "5 EUR", "must be an amount in dinars, such as 1500 or 1500.50"),
    ("PRICE_STEP", "0", "must be more than 0"),
    ("MAX_QUANTITY", "0", "must be at least 1"),
    ("MAX_QUANTITY", "501", "must be at most 500"),
    ("MAX_QUANTITY", "ten", WHOLE),
    ("MAX_QUANTITY", "2.5", WHOLE),
    ("MAX_QUANTITY", '"10"', WHOLE + QUOTES),
    ("STOCK_RESERVE", "99999999", "must be at most 1,000,000"),
    ("PROTECT_CONTENT", "perhaps", "must be true or false"),
    ("EXPIRY_REMINDERS", "0,30", DAYS),
    ("EXPIRY_REMINDERS", "soon", DAYS),
    ("BALANCE_ALERT", "-5", "must be at least 0"),
    (
        "BALANCE_FLOOR",
        "6000",
        "must not be above BALANCE_ALERT: operators are to be told before selling stops",
    ),
    ("NIGHTLY_AT", "25:00", "must be a time of day such as 03:30"),
    ("TIME_ZONE", "Europe/Pari", "must be a time zone such as Europe/Paris"),
    ("TIME_ZONE", "GMT+1", "must be a time zone such as Africa/Algiers"),
    ("TIME_ZONE", "../../etc/passwd", "must be a time zone such as Africa/Algiers"),
    ("LOG_LEVEL", "loud", "must be one of DEBUG, INFO, WARNING or ERROR"),
    ("LOG_FORMAT", "yaml", "must be one of text or json"),
    ("DATABASE_URL", "data/hanout.db", DATABASE),
    ("DATABASE_URL", "/opt/hanout/data/hanout.db", DATABASE),
    ("DATABASE_URL", "mysql://u:canary@h/d", DATABASE),
    ("DATABASE_URL", "sqlite://data/hanout.db", FILE),
    ("DATABASE_URL", "sqlite:///data/", FILE),
    (
        "DATABASE_URL",
        "sqlite:///:memory:",
        "must name a file: a database in memory would lose all orders at the end",
    ),
    (
        "DATABASE_URL",
        "postgresql://u:canary@h:port/d",
        "it cannot be read as an address of a database; in a password, write @ as %40, : as %3A and / as %2F",
    ),
    ("ONECLICKDZ_BASE_URL", "https://api.oneclickdz.com", f"must end in /v3, such as {ONECLICKDZ}"),
    (
        "ONECLICKDZ_BASE_URL",
        f"{ONECLICKDZ}/account/balance",
        "must end in /v3: leave out what follows /v3",
    ),
    (
        "ONECLICKDZ_BASE_URL",
        "https://user:canary@api.oneclickdz.com/v3",
        "must be an address without user name, ? and #",
    ),
    (
        "ONECLICKDZ_BASE_URL",
        "http://api.oneclickdz.com/v3",
        (
            "must start with https://: over http:// anybody on the way reads the key (http:// is for a server on this "
            "machine or in your own network)"
        ),
    ),
    (
        "ONECLICKDZ_BASE_URL",
        "https://api.oneclick dz.com/v3",
        f"must be an address such as {ONECLICKDZ}",
    ),
    (
        "ONECLICKDZ_BASE_URL",
        "/var/run/api.sock",
        f"must start with http:// or https://, such as {ONECLICKDZ}",
    ),
    (
        "PUBLIC_URL",
        "http://shop.example",
        "must start with https://: suppliers deliver to nothing else",
    ),
    (
        "PUBLIC_URL",
        "https://shop.example/webhooks/starship",
        "must end before /webhooks: the shop adds it",
    ),
    ("WEBHOOK_LISTEN", "8080", PORT),
    ("WATCH_LISTEN", "localhost", PORT),
    (
        "WEBHOOK_LISTEN",
        "127.0.0.1:99999",
        "must have a port from 1 to 65535, such as 127.0.0.1:8080",
    ),
    (
        "WEBHOOK_LISTEN",
        "http://127.0.0.1:8080",
        "must be an address and a port without http:// and /, as 127.0.0.1:8080",
    ),
    ("SUPPLIERS", "", "is empty: name at least one, such as oneclickdz"),
    ("SUPPLIERS", "oneclick", "must be some of oneclickdz, starship, own, separated by commas"),
    ("BACKUP_FOLDER", "", "is empty: write a value, or take the line out"),
    ("SECRETS_FOLDER", "/nowhere", "/nowhere cannot be read: No such file or directory"),
    ("SUPPORT_CONTACT", "x" * 201, "must have at most 200 characters"),
    (
        "TELEGRAM_BOT_TOKEN",
        TOKEN,
        "no setting has this name (in the environment); TELEGRAM_TOKEN has, is that meant?",
    ),
    (
        "TIMEZONE",
        "Africa/Algiers",
        "no setting has this name (in the environment); TIME_ZONE has, is that meant?",
    ),
    (
        "HANOUT_SUGAR",
        "1",
        "no setting has this name (in the environment); docs/settings.md has them all",
    ),
]
# what .env has, the whole sentence
BAD_FILES = [
    (
        "TIME_ZNE=x\n",
        "TIME_ZNE: no setting has this name (line 1 of .env); TIME_ZONE has, is that meant?",
    ),
    ("\nFOO=1\n", "FOO: no setting has this name (line 2 of .env); docs/settings.md has them all"),
    (f"PRICE_STEP=5\nk1-{KEY}\n", ".env: line 2 is not of the form NAME=value"),
    (f"PRICE_STEP=5\n{'Ab3' * 14}=\n", ".env: line 2 has a name that is no setting's"),
    ("TIME_ZONE: Africa/Algiers\n", ".env: line 1 is not of the form NAME=value"),
    (
        "PRICE_STEP=5\n\n# x\nprice_step=5\n",
        "PRICE_STEP: stands on the lines 1 and 4 of .env; leave one of them",
    ),
    ('SUPPORT_CONTACT="@a\nPRICE_STEP=5\n', ".env: line 1 has a quote that is not closed on it"),
    ('A_B="@a\nPRICE_STEP=5\nB=c"', ".env: line 1 has a quote that is not closed on it"),
    (
        "PRICE_STEP=7".encode("utf-16"),
        '.env: is saved as UTF-16 ("Unicode" in some editors); save it as UTF-8',
    ),
    (
        "PRICE_STEP=7".encode("utf-16-be"),
        '.env: is saved as UTF-16 ("Unicode" in some editors); save it as UTF-8',
    ),
    (
        "PRICE_STEP=7\nSUPPORT_CONTACT=Amélie\n".encode("latin-1"),
        ".env: line 2 is not UTF-8, as if it were saved as Latin-1; save the file as UTF-8",
    ),
    (b"PRICE_STEP=7\nTIME_ZONE=\0\n", ".env: line 2 has a NUL byte; write that line anew"),
    (b"#" * 1_000_001, ".env: is far too large for a file of settings"),
]
# name, value, what it means
READ = [
    ("MARKUP_PERCENT", "8%", "8"),
    ("MARKUP_PERCENT", "8,5", "8.5"),
    ("MARKUP_PERCENT", "8.5 %", "8.5"),
    ("MARKUP_PERCENT", "٨٪", "8"),
    ("MAX_QUANTITY", " ١٢ ", "12"),
    ("OPERATOR_DAILY_CAP", "1 000 000", "1000000"),
    ("QUOTE_LIFETIME", "1,5h", "1:30:00"),
    ("QUOTE_LIFETIME", "١٠m", "0:10:00"),
    ("LOG_LEVEL", "info", "INFO"),
    ("WEBHOOK_LISTEN", "127.0.0.1:٨٠٨٠", "127.0.0.1:8080"),
    ("ONECLICKDZ_BASE_URL", f"\u200e{ONECLICKDZ}/\u200f", ONECLICKDZ),
    ("ADMIN_IDS", "٧٠١، 701", "frozenset({701})"),
    ("HANOUT_KEYS_FILE", "", "None"),
]
