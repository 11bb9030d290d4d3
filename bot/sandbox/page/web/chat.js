// The chat of one person: shows the messages as the simulator has them, and sends what is pressed.

import { messageElement } from "./message.js";
import { ask, toast } from "./notices.js";
import { words } from "./words.js";

const NEAR_END_PX = 80;

export class Chat {
  #log = document.querySelector("#log");
  #newest = document.querySelector("#newest");
  #elements = new Map();
  #texts = new Map();
  #follows = true; // scroll with new messages, unless the user has scrolled up
  person = null;

  constructor(live) {
    this.live = live;
    this.opened = new Set();
    this.#newest.onclick = () => this.#toEnd();
    this.#log.onscroll = () => {
      this.#follows = this.#isAtEnd();
      if (this.#follows) this.#newest.hidden = true;
    };
    // Keep the newest message visible when an on-screen keyboard or a smaller window shrinks the log.
    new ResizeObserver(() => this.#follows && this.#toEnd()).observe(this.#log);
  }

  // Show the chat of another person.
  show(person) {
    this.person = person;
    this.opened.clear();
    this.#elements.clear();
    this.#log.setAttribute("aria-busy", "true");
    this.#log.replaceChildren();
    for (const [[, , id], message] of this.live.all("message", person)) this.put(id, message);
    this.#log.removeAttribute("aria-busy");
    this.#toEnd();
  }

  // Add, change or (with `undefined`) remove a message.
  put(id, message) {
    const old = this.#elements.get(id);
    const follows = this.#follows;
    if (message === undefined) {
      old?.remove();
      this.#elements.delete(id);
      return;
    }
    const text = message.text ?? message.caption;
    if (this.#texts.get(id) !== text) this.opened.delete(id);
    this.#texts.set(id, text);
    const element = messageElement(message, this);
    this.#elements.set(id, element);
    if (old) this.#replace(old, element);
    else this.#log.append(element);
    if (follows || !message.from.is_bot) this.#toEnd();
    else if (!old) this.#newest.hidden = false;
  }

  // Replace a message; the keyboard focus stays on the same button of the new element.
  #replace(old, element) {
    const keys = (root) => [...root.querySelectorAll(".key, .spoiler, a")];
    const at = keys(old).indexOf(document.activeElement);
    const inside = old.contains(document.activeElement);
    old.replaceWith(element);
    if (inside) (keys(element)[at] ?? element).focus({ preventScroll: true });
  }

  #isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_END_PX;
  }

  #toEnd() {
    this.#follows = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#newest.hidden = true;
  }

  get isEmpty() {
    return this.#elements.size === 0;
  }

  get words() {
    return words(this.live.get("person", this.person).language);
  }

  say = async (text, reply) => {
    this.#toEnd();
    const order = { do: "say", person: this.person, text };
    if (reply !== undefined) order.reply = reply;
    const { refused } = await this.live.ask(order);
    if (refused) toast(refused);
  };

  // Set by the composer: the next text is a reply to this message.
  replyTo = () => {};

  pay = async (message, button) => {
    if (button.classList.contains("waiting")) return;
    button.classList.add("waiting");
    const { refused, made } = await this.live.ask({ do: "pay", person: this.person, message: message.message_id });
    button.classList.remove("waiting");
    if (!made) toast(refused ?? this.words.say("no-answer"));
  };

  reveal = (message) => {
    this.opened.add(message.message_id);
    this.put(message.message_id, message);
  };

  copy = async (text) => {
    const copied = await copyText(text);
    toast(this.words.say(copied ? "copied" : "copy-failed"));
  };

  link = (url, event) => {
    const bot = this.live.get("bot").username;
    const start = url.match(/^https?:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/);
    if (start?.[1].toLowerCase() !== bot.toLowerCase()) return;
    event.preventDefault();
    this.say(`/start ${start[2]}`);
  };

  press = async (message, data, button) => {
    if (button.classList.contains("waiting")) return;
    const says = this.words.say;
    button.classList.add("waiting");
    button.setAttribute("aria-busy", "true");
    const { answer, refused } = await this.live.ask({
      do: "press",
      person: this.person,
      message: message.message_id,
      data,
    });
    button.classList.remove("waiting");
    button.removeAttribute("aria-busy");
    if (answer?.alert) ask(answer.text, [[says("ok"), null]]);
    else if (answer?.text) toast(answer.text);
    else if (!answer) toast(refused ?? says("no-answer"));
  };
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

// Fallback where the clipboard API is not allowed, such as over plain HTTP from another machine.
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
