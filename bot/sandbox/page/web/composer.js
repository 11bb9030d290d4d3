// The input of a chat: text, commands from the bot's menu, and files.

import { ask, toast } from "./notices.js";

const find = (id) => document.querySelector(`#${id}`);

export class Composer {
  #field = find("write");
  #menu = find("menu");
  #list = find("commands");
  #reply = undefined;

  constructor(chat, live) {
    this.chat = chat;
    this.live = live;
    find("composer").onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.#field.onkeydown = (event) => this.#typed(event);
    this.#field.oninput = () => this.#changed();
    this.#menu.onclick = () => this.#open(this.#list.hidden ? "" : null);
    this.#list.onkeydown = (event) => this.#move(event);
    find("attach").onclick = () => find("file").click();
    find("file").onchange = () => this.#attach();
    chat.replyTo = (message) => this.#answer(message);
    find("reply-close").onclick = () => this.#answer(null);
    find("start").onclick = () => chat.say("/start");
    document.addEventListener("click", (event) => {
      if (!this.#list.contains(event.target) && !this.#menu.contains(event.target) && event.target !== this.#field) this.#open(null);
    });
  }

  // Update texts and state for the selected person.
  fill() {
    const { say } = this.chat.words;
    this.#menu.textContent = say("menu");
    this.#field.placeholder = say("write");
    this.#field.setAttribute("aria-label", say("write"));
    for (const [id, word] of [["send", "send"], ["attach", "attach"]]) {
      find(id).setAttribute("aria-label", say(word));
      find(id).title = say(word);
    }
    this.#list.setAttribute("aria-label", say("menu"));
    find("start").textContent = say("start");
    find("start").hidden = !this.chat.isEmpty;
    find("composer").hidden = this.chat.isEmpty;
    this.#menu.hidden = this.#commands().length === 0;
  }

  // Make the next text a reply to this message; null: no reply.
  #answer(message) {
    this.#reply = message?.message_id;
    find("reply").hidden = !message;
    find("reply-text").textContent = message ? (message.text ?? message.caption ?? "📎").split("\n", 1)[0].slice(0, 80) : "";
    find("reply-close").setAttribute("aria-label", this.chat.words.say("cancel"));
    if (message) this.#field.focus();
  }

  clear() {
    this.#answer(null);
    this.#field.value = "";
    this.#changed();
  }

  #commands() {
    return this.live.get("person", this.chat.person)?.commands ?? [];
  }

  #send() {
    const text = this.#field.value.trim();
    if (!text) return;
    const reply = this.#reply;
    this.clear();
    this.chat.say(text, reply);
  }

  #typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape") this.#open(null);
    else if (event.key === "ArrowUp" && !this.#list.hidden) {
      event.preventDefault();
      this.#list.lastElementChild?.focus();
    }
  }

  #changed() {
    this.#field.style.height = "auto";
    const height = this.#field.scrollHeight; // 0 while a small screen shows another part of the page
    if (height) this.#field.style.height = `${height}px`;
    const begun = this.#field.value.match(/^\/(\w*)$/);
    this.#open(begun ? begun[1] : null);
  }

  // Show the commands that begin with `start`; null closes the list.
  #open(start) {
    const found = start === null ? [] : this.#commands().filter(({ command }) => command.startsWith(start));
    this.#list.replaceChildren(...found.map((command) => this.#entry(command)));
    this.#list.hidden = found.length === 0;
    this.#menu.setAttribute("aria-expanded", String(found.length > 0));
    if (start === "" && this.#field.value === "") this.#list.firstElementChild?.focus();
  }

  #entry({ command, description }) {
    const entry = document.createElement("button");
    entry.type = "button";
    entry.setAttribute("role", "menuitem");
    const name = document.createElement("bdi");
    name.textContent = `/${command}`;
    const what = document.createElement("span");
    what.dir = "auto";
    what.textContent = description;
    entry.append(name, what);
    entry.onclick = () => {
      this.clear();
      this.#field.focus();
      this.chat.say(`/${command}`);
    };
    return entry;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.#open(null);
      this.#menu.focus();
    } else if (step) {
      event.preventDefault();
      const entries = [...this.#list.children];
      const at = entries.indexOf(document.activeElement) + step;
      entries[(at + entries.length) % entries.length].focus();
    }
  }

  async #attach() {
    const [file] = find("file").files;
    find("file").value = "";
    if (!file) return;
    const { say } = this.chat.words;
    const isPicture = ["image/png", "image/jpeg"].includes(file.type);
    const choices = [[say("as-document"), "document"], [say("cancel"), null]];
    if (isPicture) choices.unshift([say("as-photo"), "photo"]);
    const kind = await ask(file.name, choices);
    if (!kind) return;
    const caption = this.#field.value.trim();
    const query = new URLSearchParams({ person: this.chat.person, name: file.name, as: kind, caption });
    try {
      const response = await fetch(`send?${query}`, { method: "POST", body: file });
      if (response.ok) this.clear();
      else toast((await response.json()).refused);
    } catch {
      toast(say("not-sent"));
    }
  }
}
