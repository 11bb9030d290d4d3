"""Pictures of products: the message that a customer gets, and what operators see and change of them."""

from typing import Final

from bot.domain.catalogue import Product
from bot.services.catalogue.pictures import PictureView
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from locales import Words

_LONGEST: Final = 256  # letters of a name in a caption
_LONGEST_TITLE: Final = 60


def picture(words: Words, product: Product) -> Screen:
    """The caption of a picture."""
    screen = ScreenBuilder(words)
    screen.line("product-picture", product=product.name_in(words.locale)[:_LONGEST])
    screen.button("button-product-picture-close", pack("picx", product.id))
    return screen.done()


def picture_button(screen: ScreenBuilder, product_id: int) -> None:
    screen.button("button-product-picture", pack("pic", product_id))


def own_picture(
    words: Words, view: PictureView, *, asks: bool = False, is_unsent: bool = False
) -> Screen:
    """Whether a product has one, and what can be done about it; `asks`: a photo is waited for.

    `is_unsent`: it is there, and could not be sent back as customers get it.
    """
    screen = ScreenBuilder(words)
    product, seen = view.product, view.fingerprint
    screen.line("curate-picture" if view.picture else "curate-no-picture")
    screen.line("curate-title", title=product.title[:_LONGEST_TITLE])
    if is_unsent:
        screen.line("refused-picture-now")
    if asks:
        screen.line("curate-ask-other-picture" if view.picture else "curate-ask-picture")
    else:
        screen.button("button-curate-photo", pack("cpask", product.id))
    if view.picture:
        screen.row(
            screen.make_button("button-curate-see", pack("cpshow", product.id)),
            screen.make_button("button-curate-remove", pack("cpoff", product.id, seen)),
        )
    if view.can_undo:
        screen.button("button-curate-undo", pack("cpback", product.id, seen))
    screen.back(pack("cprod", product.id))
    return screen.done()


def refuse_picture(words: Words) -> Screen:
    """What came is no single photo: it is waited for still."""
    screen = ScreenBuilder(words)
    screen.line("curate-no-photo")
    screen.button("button-stop", pack("stop"))
    return screen.done()
