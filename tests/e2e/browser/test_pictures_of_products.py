"""The photo of a product, sent, looked at and closed by clicks in the browser, with a picture of each screen."""

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.receipt import RECEIPT


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_a_photo_becomes_the_picture_of_a_product(open_page, tmp_path, language, theme):
    w = words(language)
    messenger = await open_page(OPERATOR_ID, **phone(language, theme))
    album, page = Album(messenger, tmp_path, f"{language}-{theme}"), messenger.page
    photo = page.locator(".theirs", has=page.locator("img.photo"))
    await page.locator("#hint button").click()
    languages = await messenger.ask("/language", "🌐")
    await messenger.press(w.plain(f"button-language-{language}"), languages)
    await expect(languages).to_contain_text(w.plain("home").splitlines()[1])

    card = await messenger.ask("/catalogue p1", "🎮")
    await album.take("catalogue-product-with-picture", card)
    await messenger.press(w.plain("button-curate-picture"), card)
    await album.take("catalogue-no-picture", card)
    await messenger.press(w.plain("button-curate-photo"), card)
    await expect(card).to_contain_text(w.plain("curate-ask-picture"))
    await album.take("catalogue-ask-picture", card)
    await _send(messenger, 1)
    await album.take("catalogue-no-photo", await messenger.reads(w.plain("curate-no-photo")))
    await _send(messenger, 0)
    await expect(photo).to_have_count(1)
    shown = messenger.messages(w.plain("curate-title", title="PlayStation USA")).last
    await expect(shown).to_contain_text(w.plain("button-curate-remove"))
    await album.take("catalogue-picture", shown)

    walk = await messenger.ask("/start p_1", "PlayStation USA")
    await messenger.press(w.plain("button-product-picture"), walk)
    await messenger.toast(w.plain("toast-picture-here"))
    await album.take("product-with-picture", walk)
    await messenger.press(w.plain("button-product-picture-close"), photo)
    await expect(photo).to_have_count(0)
    await messenger.press(w.plain("button-product-picture"), walk)
    await expect(photo).to_have_count(1)
    await album.take("picture-of-a-product", photo)

    await messenger.press(w.plain("button-curate-remove"), shown)
    await expect(shown).to_contain_text(w.plain("curate-no-picture").splitlines()[1])
    await album.take("catalogue-picture-removed", shown)
    await messenger.press(w.plain("button-curate-undo"), shown)
    await expect(shown).to_contain_text(w.plain("curate-picture").splitlines()[1])
    await album.take("actions-of-a-picture", await messenger.ask("/actions", "📒"))
    assert album.flaws == []


async def _send(messenger, choice: int) -> None:
    """Attach the picture: 0 as a photo, 1 as a file."""
    await messenger.page.set_input_files(
        "#file", {"name": "card.png", "mimeType": "image/png", "buffer": RECEIPT}
    )
    await messenger.page.locator("#alert .choices button").nth(choice).click()
