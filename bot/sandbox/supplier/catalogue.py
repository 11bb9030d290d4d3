"""A sample catalogue: 14 categories with real denominations and wholesale prices in dinars."""

from dataclasses import dataclass, field
from decimal import Decimal

_DINARS = {"USD": 160, "EUR": 172, "GBP": 200, "TRY": 5, "SAR": 43, "AED": 44, "DA": 1}

# category: (product, region, currency, values). Some values are game currencies.
_CATALOGUE: dict[str, list[tuple[str, str, str, str]]] = {
    "PSN": [
        ("PlayStation USA", "us", "USD", "10 25 50 100"),
        ("PlayStation France", "fr", "EUR", "10 20 50 100"),
        ("PlayStation UAE", "ae", "USD", "10 20 50"),
        ("PlayStation KSA", "sa", "USD", "10 20 50"),
        ("PlayStation Plus USA", "us", "USD", "10 25 60"),
    ],
    "Xbox": [
        ("Xbox USA", "us", "USD", "10 25 50"),
        ("Xbox Europe", "eu", "EUR", "10 25 50"),
        ("Xbox Game Pass Ultimate", "global", "USD", "15 40"),
        ("Xbox Türkiye", "tr", "TRY", "100 250 500"),
    ],
    "Steam": [
        ("Steam USA", "us", "USD", "5 10 20 50 100"),
        ("Steam Europe", "eu", "EUR", "5 10 20 50"),
        ("Steam UAE", "ae", "AED", "40 100 200"),
        ("Steam KSA", "sa", "SAR", "50 100 200"),
        ("Steam Türkiye", "tr", "USD", "5 10 20"),
    ],
    "Nintendo": [
        ("Nintendo eShop USA", "us", "USD", "10 20 35 50"),
        ("Nintendo eShop Europe", "eu", "EUR", "15 25 50"),
        ("Nintendo Switch Online", "global", "USD", "4 20"),
        ("Nintendo eShop UK", "gb", "GBP", "15 25"),
    ],
    "PUBG Mobile": [
        ("PUBG Mobile UC", "global", "UC", "60 325 660 1800 3850"),
        ("PUBG New State NC", "global", "UC", "300 1500 3600"),
        ("PUBG Mobile KSA", "sa", "UC", "60 325 660"),
    ],
    "Free Fire": [
        ("Free Fire Diamonds", "global", "diamonds", "100 310 520 1060 2180"),
        ("Free Fire MENA", "mena", "diamonds", "100 210 530"),
        ("Free Fire Membership", "global", "USD", "2 8"),
    ],
    "iTunes": [
        ("Apple Gift Card USA", "us", "USD", "5 10 25 50 100"),
        ("Apple Gift Card France", "fr", "EUR", "10 25 50"),
        ("Apple Gift Card KSA", "sa", "SAR", "50 100"),
        ("Apple Gift Card UAE", "ae", "AED", "50 100 250"),
        ("Apple Gift Card Türkiye", "tr", "TRY", "100 250 500"),
    ],
    "Google Play": [
        ("Google Play USA", "us", "USD", "5 10 25 50"),
        ("Google Play France", "fr", "EUR", "15 25 50"),
        ("Google Play KSA", "sa", "SAR", "20 50 100"),
        ("Google Play UAE", "ae", "AED", "50 100"),
    ],
    "Netflix": [
        ("Netflix USA", "us", "USD", "15 25 50"),
        ("Netflix Europe", "eu", "EUR", "15 25 50"),
        ("Netflix Türkiye", "tr", "TRY", "200 400"),
        ("Netflix KSA", "sa", "SAR", "60 100"),
    ],
    "Spotify": [
        ("Spotify Premium France", "fr", "EUR", "10 30 60"),
        ("Spotify Premium USA", "us", "USD", "10 30 60"),
        ("Spotify Premium UAE", "ae", "AED", "20 60"),
    ],
    "Roblox": [
        ("Roblox USA", "us", "USD", "10 25 50"),
        ("Roblox Global", "global", "Robux", "400 800 1700 4500"),
        ("Roblox Europe", "eu", "EUR", "10 20 50"),
    ],
    "Fortnite": [
        ("Fortnite V-Bucks", "global", "V-Bucks", "1000 2800 5000 13500"),
        ("Fortnite Xbox", "global", "V-Bucks", "1000 2800"),
        ("Fortnite Crew", "global", "USD", "12"),
    ],
    "Amazon": [
        ("Amazon USA", "us", "USD", "5 10 25 50 100"),
        ("Amazon France", "fr", "EUR", "10 20 50"),
        ("Amazon UAE", "ae", "AED", "50 100"),
        ("Amazon KSA", "sa", "SAR", "50 100"),
    ],
    "Mobile & Internet": [
        ("Djezzy", "dz", "DA", "500 1000 2000"),
        ("Ooredoo", "dz", "DA", "500 1000 2000"),
        ("Mobilis", "dz", "DA", "500 1000"),
        ("Idoom ADSL", "dz", "DA", "1000 2000 3000"),
        ("Idoom 4G", "dz", "DA", "500 1000 2500"),
        ("Visa Virtual", "global", "USD", "10 25"),
        ("Binance USDT", "global", "USD", "10 50"),
        ("Razer Gold", "global", "USD", "5 10 20"),
    ],
}
_GAME_CURRENCY_DINARS = {
    "UC": Decimal("2.4"),
    "diamonds": Decimal("1.7"),
    "Robux": Decimal("2.0"),
    "V-Bucks": Decimal("1.25"),
}
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass
class Denomination:
    """`type` in the API; `quantity` is the stock."""

    id: str
    name: str
    price: Decimal
    quantity: int


@dataclass
class Product:
    id: str
    title: str
    region: str
    enabled: bool = True
    denominations: list[Denomination] = field(default_factory=list)

    def denomination(self, type_id: str) -> Denomination | None:
        return next((d for d in self.denominations if d.id == type_id), None)


@dataclass
class Category:
    title: str
    products: list[Product]


def _price(currency: str, value: int) -> Decimal:
    unit = _GAME_CURRENCY_DINARS.get(currency)
    price = value * unit if unit else value * Decimal(_DINARS[currency])
    return (price * Decimal("1.02")).quantize(Decimal("0.01"))


def _label(currency: str, value: int) -> str:
    return f"{value} {_SIGNS.get(currency, currency)}"


def sample_catalogue() -> list[Category]:
    categories, number = [], 0
    for title, rows in _CATALOGUE.items():
        products = []
        for name, region, currency, values in rows:
            number += 1
            product = Product(f"600b141a6589040031{number:06x}", name, region)
            for index, value in enumerate(values.split()):
                stock = 0 if (number + index) % 11 == 0 else 20 + (number * 7 + index * 13) % 80
                type_id = f"6126393c6f57860f92{number:04x}{index:02x}"
                product.denominations.append(
                    Denomination(
                        type_id, _label(currency, int(value)), _price(currency, int(value)), stock
                    )
                )
            products.append(product)
        categories.append(Category(title, products))
    return categories
