// The page: the selected person, the part that a small screen shows, and the handling of changes.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Live } from "./live.js";
import { ask, toast } from "./notices.js";
import { avatar, People } from "./people.js";
import { Suppliers } from "./supplier.js";
import { fill, LANGUAGES, words } from "./words.js";

const find = (id) => document.querySelector(`#${id}`);
const page = document.documentElement;

const language = remembered("language") ?? LANGUAGES.find((code) => navigator.language.startsWith(code)) ?? "en";
let frame = words(language);
let current = null;
let isDrawing = false;

const live = new Live(take, (isOpen) => {
  find("lost").hidden = isOpen;
});
const chat = new Chat(live);
const composer = new Composer(chat, live);
const people = new People(live, choose);
const suppliers = new Suppliers(live);

function remembered(name) {
  try {
    return localStorage.getItem(`hanout-${name}`);
  } catch {
    return null; // the browser allows no storage
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`hanout-${name}`, value);
  } catch {
    // without storage the value is lost when the page closes
  }
}

function take(changes, fresh) {
  if (fresh) {
    people.forget();
    choose(live.get("person", current) ? current : firstPerson(), { stay: true });
  } else {
    for (const [[kind, person, id], value] of changes) {
      if (kind === "message" && person === current) chat.put(id, value);
      if (kind === "person" && person === current) head();
    }
  }
  if (!isDrawing) requestAnimationFrame(draw);
  isDrawing = true;
}

function draw() {
  isDrawing = false;
  people.render(current, frame);
  suppliers.render(frame);
  composer.fill();
}

function firstPerson() {
  const everybody = [...live.all("person")].map(([[, id], person]) => ({ id, ...person }));
  const asked = everybody.find(({ id }) => location.hash === `#${id}`);
  const customers = everybody.filter(({ operator }) => !operator);
  return (asked ?? customers.find(({ language }) => language === page.lang) ?? everybody[0]).id;
}

function choose(id, { stay = false } = {}) {
  current = id;
  const phone = find("phone");
  const { direction } = words(live.get("person", id).language);
  Object.assign(phone, { lang: live.get("person", id).language, dir: direction });
  find("commands").hidden = true;
  chat.show(id);
  composer.clear();
  composer.fill();
  head();
  hint();
  if (!stay) {
    show("chat");
    people.render(current, frame);
    if (getComputedStyle(find("to-people")).display !== "none") find("chat-title").focus();
  }
}

function head() {
  const person = live.get("person", current);
  const { say } = chat.words;
  const name = live.get("bot").name;
  find("chat-title").textContent = name;
  find("chat-state").textContent = person.action ? say("typing") : say("phone-of", { name: person.name });
  find("chat-state").classList.toggle("typing", Boolean(person.action));
  find("log").setAttribute("aria-label", say("chat-with", { name }));
  find("log").dataset.empty = `${say("what-is")}\n${person.description}`;
  find("newest").setAttribute("aria-label", say("newest"));
}

function hint() {
  const person = live.get("person", current);
  const about = person.operator ? "operator" : chat.isEmpty ? "newcomer" : "customer";
  Object.assign(find("hint"), { lang: page.lang, dir: page.dir, hidden: remembered(`hint-${about}`) === "read" });
  const text = frame.say(`hint-${about}`, { name: person.name, id: current });
  find("hint").querySelector("p").textContent = text;
  find("hint").querySelector("button").onclick = () => {
    remember(`hint-${about}`, "read");
    find("hint").hidden = true;
    find("write").focus();
  };
}

async function meet() {
  const choices = LANGUAGES.map((code) => [frame.say(`language-${code}`), code]);
  const language = await ask(frame.say("newcomer-ask"), choices);
  if (!language) return;
  const { made, refused } = await live.ask({ do: "new", language });
  if (made) choose(made);
  else toast(refused ?? frame.say("lost"));
}

function show(view) {
  page.dataset.view = view;
}

function speak(language) {
  frame = words(language);
  page.lang = language;
  page.dir = frame.direction;
  fill(document.body, frame.say);
  find("language").value = language;
  if (current !== null) {
    hint();
    draw();
  }
}

function light(theme) {
  if (theme) page.dataset.theme = theme;
}

find("newcomer").onclick = meet;
find("to-people").onclick = () => show("people");
find("to-supplier").onclick = () => show("supplier");
find("from-supplier").onclick = () => show("chat");
find("language").onchange = (event) => {
  remember("language", event.target.value);
  speak(event.target.value);
};
find("theme").onclick = () => {
  const theme = page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  light(theme === "dark" ? "light" : "dark");
  remember("theme", page.dataset.theme);
};

light(remembered("theme"));
speak(language);
