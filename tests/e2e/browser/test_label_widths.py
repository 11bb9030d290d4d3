"""The estimated widths of labels, compared with what Chromium draws on the page, on a phone of 320 px."""

from handlers.label_width import NARROWEST, room, width
from locales import LOCALES, words
from tests.unit.screen_samples import screens

_ROUNDING_PX = 0.5
_TOO_WIDE = 1.25  # of an estimate; short Arabic words are the least exact

# How wide each of the labels is without a bound, in a button of the page.
MEASURE = """(labels) => {
  const log = document.querySelector('#log');
  log.innerHTML = '<div class="message theirs"><div class="keyboard"><div class="row">'
    + '<button class="key"><span></span></button></div></div></div>';
  const shown = log.querySelector('.key > span');
  shown.style.position = 'absolute';
  return labels.map((label) => {
    shown.textContent = label;
    return shown.getBoundingClientRect().width;
  });
}"""
# How much room a label has in a row of so many buttons.
ROOM = """(columns) => {
  const log = document.querySelector('#log');
  const button = '<button class="key"><span>1</span></button>';
  log.innerHTML = '<div class="message theirs"><div class="keyboard"><div class="row">'
    + button.repeat(columns) + '</div></div></div>';
  const key = log.querySelector('.key');
  const style = getComputedStyle(key);
  return key.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
}"""


def labels_of(locale):
    return sorted({b.label for s in screens(words(locale)) for row in s.rows for b in row})


async def test_estimated_widths_are_those_of_the_page_on_the_narrowest_phone(open_page):
    messenger = await open_page(2001, viewport={"width": NARROWEST, "height": 640}, has_touch=True)
    page = messenger.page
    labels = [label for locale in LOCALES for label in labels_of(locale)]
    drawn = dict(zip(labels, await page.evaluate(MEASURE, labels), strict=True))

    assert len(drawn) > 500
    assert {
        label: (width(label), px) for label, px in drawn.items() if width(label) < px - _ROUNDING_PX
    } == {}
    assert {
        label: (width(label), px)
        for label, px in drawn.items()
        if width(label) > _TOO_WIDE * px + _ROUNDING_PX
    } == {}

    for columns in range(1, 6):
        assert abs(await page.evaluate(ROOM, columns) - room(columns)) < 1
