"""Starship's wallet, and the reference data (currencies, countries) that name what it holds."""

from bot.domain.supplier import Rate
from bot.errors import AccessRefused, RequestRefused, SupplierUnavailable, UnknownAtSupplier
from bot.suppliers import starship_models as models
from bot.suppliers.reading import read, read_rows
from bot.suppliers.starship_calls import LIST_PAGE, StarshipCalls, id_literal, segment
from bot.suppliers.throttle import Urgency


class StarshipWallet:
    """`wallet_id`: the wallet that pays; empty to find it by the currency of the rate."""

    def __init__(self, calls: StarshipCalls, rate: Rate, wallet_id: str) -> None:
        self._calls, self._rate = calls, rate
        self._id = wallet_id
        self._currencies: dict[str, str] = {}

    def id_field(self) -> dict[str, str]:
        """The JSON field that names the wallet in a request; empty where there is only one."""
        return {"wallet_id": id_literal(self._id)} if self._id else {}

    async def read(self, urgency: Urgency) -> models.Wallet:
        """The configured wallet, or the only one, or the only one in the currency of the rate.

        Raises AccessRefused (see ApiClient.apply_failure) where none or several remain: only the
        owner can choose between them.
        """
        if self._id:
            data = await self._calls.get(f"wallets/{segment(self._id)}", urgency)
            return read(models.Wallet, data, "wallets")
        rows = await self._calls.pages("wallets", LIST_PAGE, urgency)
        readable = read_rows(models.Wallet, rows, "wallets")
        if readable.unreadable:  # perhaps the very one that pays
            raise SupplierUnavailable("wallets", "UNREADABLE")
        wallets = list(readable.found)
        if len(wallets) > 1:
            wallets = [w for w in wallets if await self.is_in_rate_currency(w)]
            if len(wallets) == 1:
                self._id = wallets[0].id  # with several wallets, orders have to name one
        if len(wallets) != 1:
            refusal = AccessRefused("wallets", "WHICH_WALLET")
            raise self._calls.client.apply_failure(refusal)
        return wallets[0]

    async def is_in_rate_currency(self, wallet: models.Wallet) -> bool:
        """True also where the supplier does not tell the wallet's currency."""
        currency = wallet.currency_code or await self.currency(wallet.currency_id)
        return not currency or currency.upper() == self._rate.currency.upper()

    async def currency(self, currency_id: str) -> str:
        """The ISO code of a currency; empty where it is unknown."""
        if currency_id and currency_id not in self._currencies:
            self._currencies |= await self.reference_codes("currencies")
        return self._currencies.get(currency_id, "")

    async def reference_codes(self, path: str) -> dict[str, str]:
        """Codes by id; empty where the account has no such list, which is no failure."""
        try:
            rows = await self._calls.pages(path, LIST_PAGE, Urgency.CATALOGUE)
        except (UnknownAtSupplier, RequestRefused):
            return {}
        return {row.id: row.code for row in read_rows(models.Reference, rows, path).found}
