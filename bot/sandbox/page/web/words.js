// The page's texts. The frame uses the browser's language, a chat the language of its person.

const ALL = await (await fetch("words.json")).json();

export const LANGUAGES = Object.keys(ALL);

export function words(language) {
  const table = ALL[language] ?? ALL.en;
  const say = (key, values = {}) =>
    table[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  // Western digits in Arabic too, as prices are written in Algeria.
  const locale = { en: "en-GB", fr: "fr-FR", ar: "ar-DZ-u-nu-latn" }[language] ?? "en-GB";
  const amount = (value) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: Number.isInteger(value) ? 0 : 2, maximumFractionDigits: 2 }).format(value);
  return {
    say,
    direction: language === "ar" ? "rtl" : "ltr",
    number: (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value),
    money: (value) => say("money", { amount: amount(value) }),
    moneyIn: (value, currency) => `${amount(value)}\u00a0${currency}`,
    time: (seconds) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false }).format(seconds * 1000),
    exactTime: (seconds) => new Intl.DateTimeFormat(locale, { timeStyle: "medium", hour12: false }).format(seconds * 1000),
  };
}

// Write texts into the elements under `root`: data-word names the text, data-label the aria-label.
export function fill(root, say) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of [root, ...root.querySelectorAll("[data-label]")]) {
    if (!element.dataset.label) continue;
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.matches("button")) element.title = say(element.dataset.label);
  }
}
