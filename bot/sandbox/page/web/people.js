// The list of people: the selected one, and the number of unread messages of the others.

import { preview } from "./richtext.js";

const COLOURS = 6;

export class People {
  #list = document.querySelector("#person-list");
  #read = new Map();

  constructor(live, choose) {
    this.live = live;
    this.choose = choose;
  }

  // Draw the list; all messages of `current` count as read.
  render(current, words) {
    this.#read.set(current, this.#count(current));
    const entries = [...this.live.all("person")].map(([[, id], person]) => this.#entry(id, person, current, words));
    const focused = document.activeElement?.dataset?.person;
    this.#list.replaceChildren(...entries);
    if (focused) this.#list.querySelector(`[data-person="${focused}"]`)?.focus();
  }

  // Count all present messages as read.
  forget() {
    this.#read.clear();
  }

  #messages(id) {
    return [...this.live.all("message", id)].map(([, message]) => message);
  }

  #count(id) {
    return this.#messages(id).filter((message) => message.from.is_bot).length;
  }

  #entry(id, person, current, words) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "person";
    button.dataset.person = id;
    if (id === current) button.setAttribute("aria-current", "true");
    const newest = this.#messages(id).at(-1);
    const role = words.say(person.operator ? "operator" : "customer");
    const text = document.createElement("span");
    text.className = "who";
    text.append(named("bdi", "name", person.name), named("span", "role", `${role} · ${person.language}`));
    const line = named("span", "preview", newest ? preview(newest) : words.say("never"));
    line.dir = "auto";
    text.append(line);
    button.append(avatar(id, person), text);
    const count = this.#count(id);
    if (!this.#read.has(id)) this.#read.set(id, count);
    const unread = count - this.#read.get(id);
    if (unread > 0) button.append(this.#badge(unread, words));
    button.onclick = () => this.choose(id);
    item.append(button);
    return item;
  }

  #badge(unread, words) {
    const badge = named("span", "badge", String(unread));
    badge.setAttribute("aria-label", words.say("unread", { count: unread }));
    badge.setAttribute("role", "img");
    return badge;
  }
}

export function avatar(id, person) {
  const element = named("span", `avatar colour-${id % COLOURS}`, person.operator ? "🛠️" : [...person.name][0]);
  element.setAttribute("aria-hidden", "true");
  return element;
}

function named(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}
