"""The shelf as an operator keeps it, by clicks in the browser, with a picture of each screen."""

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words
from locales.naming import category_name
from tests.e2e.browser.album import Album, lights, phone

NAMES = {"en": "US console card", "fr": "Carte console États-Unis", "ar": "بطاقة بلايستيشن أمريكا"}
GUIDES = {
    "en": "1. Open the console.\n2. Type the code.",
    "fr": "1. Ouvrez la console.\n2. Tapez le code.",
    "ar": "1. افتح الجهاز.\n2. اكتب الرمز.",
}


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_the_shelf_is_whole(open_page, tmp_path, language, theme):
    w = words(language)
    messenger = await open_page(OPERATOR_ID, **phone(language, theme))
    album = Album(messenger, tmp_path, f"{language}-{theme}")
    await messenger.page.locator("#hint button").click()
    languages = await messenger.ask("/language", "🌐")
    await messenger.press(w.plain(f"button-language-{language}"), languages)
    await expect(languages).to_contain_text(w.plain("home").splitlines()[1])

    shelf = await messenger.ask("/catalogue", "🗂")
    await album.take("catalogue", shelf)
    games = category_name(language, "games-consoles")
    await messenger.press(w.label("button-curate-open", name=games), shelf)
    await expect(shelf).to_contain_text(w.plain("curate-shown"))
    await album.take("catalogue-category", shelf)
    product = w.label("button-curate-product", product="PlayStation USA", id="p1")
    await messenger.press(product, shelf)
    await expect(shelf).to_contain_text("🎮")
    await album.take("catalogue-product", shelf)
    for button, texts in (("name", NAMES), ("how", GUIDES)):
        card = await messenger.ask("/catalogue p1", "🎮")
        await messenger.press(w.plain(f"button-curate-{button}"), card)
        language_name = w.plain(f"curate-{language}")
        await messenger.press(w.label("button-curate-none", language=language_name), card)
        await album.take(f"catalogue-ask-{button}", card)
        answer = await messenger.ask(texts[language], texts[language].splitlines()[0])
        await album.take(f"catalogue-{button}", answer)
    card = await messenger.ask("/catalogue p1", "🎮")
    await messenger.press(w.plain("button-curate-feature"), card)
    await expect(card).to_contain_text(w.plain("curate-featured"))
    await messenger.press(w.plain("button-curate-hide"), card)
    await expect(card).to_contain_text(w.plain("curate-hidden").split(":")[0])
    await album.take("catalogue-hidden", card)
    await messenger.press(w.plain("button-curate-values"), card)
    await expect(card).to_contain_text(w.plain("curate-unpriced"))
    await album.take("catalogue-values", card)
    card = await messenger.ask("/catalogue p1", "🎮")
    await messenger.press(w.plain("button-curate-most"), card)
    await album.take("catalogue-most", card)
    card = await messenger.ask("/catalogue p1", "🎮")
    await messenger.press(w.plain("button-curate-show"), card)
    await expect(card).to_contain_text(w.plain("curate-shown"))
    await album.take("home-featured", await messenger.ask("/shop", w.plain("home").splitlines()[1]))
    await album.take("actions-of-the-shelf", await messenger.ask("/actions", "📒"))

    assert album.flaws == []
