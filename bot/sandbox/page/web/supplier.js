// The control panels of the simulated suppliers: their state, and what happens next.

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export class Suppliers {
  #root = document.querySelector("#panels");
  #panels = new Map();

  constructor(live) {
    this.live = live;
    // Update the countdowns of pending orders.
    setInterval(() => this.#panels.forEach((panel) => panel.tick()), 1000);
  }

  render(words) {
    const names = [...this.live.all("supplier")].map(([[, name]]) => name);
    for (const name of names) {
      if (!this.#panels.has(name)) {
        this.#panels.set(name, new Panel(this.live, name));
        this.#root.append(this.#panels.get(name).element);
      }
      this.#panels.get(name).render(words);
    }
  }
}

class Panel {
  element = made("section", { class: "panel" });
  #stockOf = null;
  #words = null;

  constructor(live, name) {
    this.live = live;
    this.name = name;
  }

  #act(act, value) {
    this.live.ask({ do: "supplier", name: this.name, act, value });
  }

  tick() {
    for (const wait of this.element.querySelectorAll("[data-ready]")) {
      const left = Math.ceil(Number(wait.dataset.ready) - Date.now() / 1000);
      wait.textContent = left > 0 ? this.#words.say("ready-in", { seconds: left }) : this.#words.say("ready");
    }
  }

  // Draw the panel again; the keyboard focus and the open sections stay.
  render(words) {
    this.#words = words;
    const focused = document.activeElement?.id;
    const open = [...this.element.querySelectorAll("details")].map((details) => details.open);
    this.element.replaceChildren(this.#head(), this.#nextOrder(), this.#now(), ...this.#habits(), this.#orders(), ...this.#payments(), this.#stock(), this.#calls());
    this.element.querySelectorAll("details").forEach((details, at) => {
      details.open = open[at] ?? details.open;
    });
    if (focused && this.element.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused).focus({ preventScroll: true });
    this.tick();
  }

  get #state() {
    return this.live.get("supplier", this.name);
  }

  #id(what) {
    return `${this.name}-${what}`;
  }

  #button(what, label, press, attributes = {}) {
    return made("button", { type: "button", id: this.#id(what), onclick: press, ...attributes }, label);
  }

  // An amount in the supplier's currency.
  #money(amount) {
    const { currency } = this.#state;
    return currency ? this.#words.moneyIn(amount, currency) : this.#words.money(amount);
  }

  #head() {
    const { say } = this.#words;
    return made(
      "div",
      { class: "balance" },
      made("h3", {}, this.name),
      made("p", {}, made("span", {}, say("balance")), " ", made("strong", { "data-balance": true }, this.#money(this.#state.balance))),
    );
  }

  #nextOrder() {
    const { say } = this.#words;
    const chosen = this.#state.next;
    const choices = this.#state.choices.map((what) =>
      this.#button(`next-${what}`, say(`next-${what}`), () => this.#act("next", what), {
        role: "radio",
        "aria-checked": String(what === chosen),
        tabindex: what === chosen ? "0" : "-1",
        "data-next": what,
      }),
    );
    const group = made("div", { class: "choices", role: "radiogroup", "aria-label": say("next-order") }, ...choices);
    group.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = choices.indexOf(document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      const next = choices[(at + step + choices.length) % choices.length];
      next.focus();
      next.click();
    };
    return made("fieldset", {}, made("legend", {}, say("next-order")), group, made("p", { class: "note", "aria-live": "polite" }, say(`why-${chosen}`)));
  }

  #now() {
    const { say } = this.#words;
    const { outage, price_rise } = this.#state;
    const lever = (what, on) =>
      this.#button(what, say(what), () => this.#act(what, on ? "off" : "on"), { role: "switch", "aria-checked": String(on) });
    return made(
      "fieldset",
      {},
      made("legend", {}, say("just-now")),
      made(
        "div",
        { class: "choices" },
        lever("outage", outage),
        ...(price_rise === undefined ? [] : [lever("price_rise", price_rise)]),
        this.#button("empty", say("empty-balance"), () => this.#act("balance", "empty")),
        this.#button("top-up", say("top-up", { amount: this.#money(this.#state.top_up) }), () => this.#act("balance", "top-up")),
      ),
      made("p", { class: "note", "aria-live": "polite" }, say(this.#why())),
    );
  }

  #why() {
    const { outage, price_rise, balance } = this.#state;
    if (outage) return "why-outage";
    if (balance === 0) return "why-empty";
    return price_rise ? "why-price_rise" : "why-fine";
  }

  // Switches for the contradictions of the supplier's documentation.
  #habits() {
    const { say } = this.#words;
    const { habits } = this.#state;
    if (!habits) return [];
    const levers = Object.entries(habits).map(([name, on]) =>
      this.#button(`habit-${name}`, say(`habit-${name}`), () => this.#act("habit", name), { role: "switch", "aria-checked": String(on) }),
    );
    return [made("details", {}, made("summary", {}, say("habits")), made("div", { class: "choices" }, ...levers), made("p", { class: "note" }, say("why-habits")))];
  }

  #orders() {
    const { say } = this.#words;
    const orders = [...this.live.all("supplier-order", this.name)].reverse();
    const rows = orders.map(([[, , id], order]) => this.#order(id, order));
    const count = made("span", { class: "count" }, String(this.#state.orders));
    return made(
      "details",
      { open: true },
      made("summary", {}, say("orders"), " ", count),
      rows.length ? made("ul", { class: "rows" }, ...rows) : made("p", { class: "note" }, say("no-orders")),
    );
  }

  #order(id, order) {
    const { say } = this.#words;
    const what = made("span", {}, made("bdi", {}, order.product), " · ", made("bdi", {}, order.value), ` × ${order.quantity}`);
    const came = { came: order.came, count: order.quantity };
    const state = made("small", { class: `state ${order.status}` });
    const row = made("li", {}, what, state);
    if (order.ready_at && order.waits) state.dataset.ready = order.ready_at;
    else state.textContent = say(`status-${order.status}`, came);
    if (order.waits) {
      row.append(this.#button(`finish-${id}`, say("finish"), () => this.#act("finish", id)));
    }
    return row;
  }

  // Card payments: the actions of a payer, and whether the supplier accepts payments for this shop.
  #payments() {
    const { say, money } = this.#words;
    if (this.#state.merchant === undefined) return [];
    const payments = [...this.live.all("supplier-payment", this.name)].reverse();
    const rows = payments.map(([[, , ref], { amount, status }]) => {
      const row = made("li", {}, made("bdi", {}, ref), made("small", { class: `state ${status}` }, `${money(amount)} · ${say(`card-${status}`)}`));
      if (status === "PENDING") {
        row.append(this.#button(`pay-${ref}`, say("card-pay"), () => this.#act("pay", ref)), this.#button(`decline-${ref}`, say("card-decline"), () => this.#act("decline", ref)));
      }
      return row;
    });
    const merchant = this.#state.merchant;
    const lever = this.#button("merchant", say("merchant"), () => this.#act("merchant", merchant ? "off" : "on"), { role: "switch", "aria-checked": String(merchant) });
    const count = made("span", { class: "count" }, String(payments.length));
    return [
      made(
        "details",
        {},
        made("summary", {}, say("card-payments"), " ", count),
        made("div", { class: "choices" }, lever),
        rows.length ? made("ul", { class: "rows" }, ...rows) : made("p", { class: "note" }, say("no-payments")),
      ),
    ];
  }

  #stock() {
    const { say } = this.#words;
    const goods = [...this.live.all("supplier-stock", this.name)];
    const bought = [...this.live.all("supplier-call", this.name)].map(([, call]) => call.what.match(/\/(?:checkProduct|products)\/([^/]+)/)?.[1]).filter(Boolean);
    const asked = this.#stockOf ?? bought.at(-1);
    const [key, good] = goods.find(([[, , id]]) => id === asked) ?? goods[0];
    const options = goods.map(([[, , id], { product }]) => made("option", { value: id, selected: id === key[2] }, product));
    const choose = made("select", { id: this.#id("stock"), "aria-label": say("stock") }, ...options);
    choose.onchange = () => {
      this.#stockOf = choose.value;
      this.render(this.#words);
    };
    const rows = good.kinds.map((kind) =>
      made(
        "li",
        {},
        made("bdi", {}, kind.value),
        made("small", {}, `${kind.price === null ? "" : `${this.#money(kind.price)} · `}${kind.quantity ? say("left", { count: kind.quantity }) : say("sold-out")}`),
        this.#button(`stock-${kind.id}`, say(kind.quantity ? "sell-out" : "restock"), () => this.#act("stock", kind.id)),
      ),
    );
    return made("details", {}, made("summary", {}, say("stock")), choose, made("ul", { class: "rows" }, ...rows));
  }

  #calls() {
    const { say, exactTime } = this.#words;
    const calls = [...this.live.all("supplier-call", this.name)].reverse();
    const rows = calls.map(([, { at, what, came }]) =>
      made(
        "li",
        {},
        made("bdi", {}, made("code", {}, what.replace(/\/(v3|api\/v1)\//, " ").replace("  ", " "))),
        made("small", { class: /^2/.test(came) ? "" : "bad" }, `${exactTime(at)} · ${came || "…"}`),
      ),
    );
    const count = made("span", { class: "count" }, String(this.#state.calls));
    return made("details", {}, made("summary", {}, say("calls"), " ", count), made("ul", { class: "rows", dir: "ltr" }, ...rows));
  }
}
