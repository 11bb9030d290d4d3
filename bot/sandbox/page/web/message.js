// The element of one message: bubble, picture or document, and the keyboard under it.

import { richText } from "./richtext.js";

function made(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

// `phone` is the Chat: its texts, the uncovered spoilers, and the actions of the buttons.
export function messageElement(message, phone) {
  const mine = !message.from.is_bot;
  const element = made("article", `message ${mine ? "mine" : "theirs"}`);
  element.dataset.id = message.message_id;
  element.tabIndex = -1;
  const who = mine ? phone.words.say("you") : message.from.first_name;
  element.setAttribute("aria-label", `${who}, ${phone.words.time(message.date)}`);
  const bubble = made("div", "bubble");
  if (message.photo) bubble.append(photo(message, phone));
  if (message.document) bubble.append(documentLink(message.document, phone));
  if (message.reply_to_message) bubble.append(quoted(message.reply_to_message));
  if (message.invoice) bubble.append(bill(message.invoice, phone));
  if (message.successful_payment) bubble.append(made("p", "service", phone.words.say("stars-paid", { stars: message.successful_payment.total_amount })));
  if (message.refunded_payment) bubble.append(made("p", "service", phone.words.say("stars-back", { stars: message.refunded_payment.total_amount })));
  const text = message.text ?? message.caption;
  if (text) bubble.append(textElement(message, text, phone));
  bubble.append(meta(message, mine, phone));
  element.append(bubble);
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length) element.append(keyboard(rows, message, phone));
  if (message.has_protected_content) element.classList.add("protected");
  return element;
}

function textElement(message, text, phone) {
  const element = made("div", "text");
  const isOpen = phone.opened.has(message.message_id);
  const entities = message.entities ?? message.caption_entities ?? [];
  element.append(
    richText(text, entities, {
      isOpen,
      covered: phone.words.say("covered"),
      command: phone.say,
      link: phone.link,
      reveal: () => phone.reveal(message),
    }),
  );
  return element;
}

// The beginning of the message that this one replies to.
function quoted(message) {
  const text = message.text ?? message.caption ?? "📎";
  return made("blockquote", "", text.split("\n", 1)[0].slice(0, 80));
}

function bill(invoice, phone) {
  const total = phone.words.say("stars", { stars: phone.words.number(invoice.total_amount) });
  return made("div", "bill", made("strong", "", invoice.title), made("span", "", invoice.description), made("b", "", total));
}

function photo(message, phone) {
  const { file_id, width, height } = message.photo.at(-1);
  const image = made("img", "photo");
  Object.assign(image, { src: `files/${file_id}`, width, height, alt: message.caption || phone.words.say("photo") });
  return image;
}

function documentLink(file, phone) {
  const size = phone.words.say("bytes", { size: phone.words.number(Math.max(1, Math.round(file.file_size / 1024))) });
  const name = made("bdi", "", file.file_name);
  const element = made("a", "document", made("span", "paper", "📄"), made("span", "", name, made("small", "", size)));
  element.href = `files/${file.file_id}`;
  element.download = file.file_name;
  return element;
}

function meta(message, mine, phone) {
  const element = made("div", "meta");
  if (message.has_protected_content) {
    const lock = made("span", "lock", "🛡️");
    lock.title = phone.words.say("protected");
    lock.setAttribute("role", "img");
    lock.setAttribute("aria-label", phone.words.say("protected"));
    element.append(lock);
  }
  if (!mine) {
    const reply = made("button", "reply", "↩");
    reply.type = "button";
    reply.title = phone.words.say("reply");
    reply.setAttribute("aria-label", phone.words.say("reply"));
    reply.onclick = () => phone.replyTo(message);
    element.append(reply);
  }
  element.append(made("time", "", phone.words.time(message.edit_date ?? message.date)));
  if (mine) element.append(made("span", "sent", "✓"));
  return element;
}

function keyboard(rows, message, phone) {
  const element = made("div", "keyboard");
  for (const row of rows) {
    const line = made("div", "row");
    for (const button of row) line.append(key(button, message, phone));
    element.append(line);
  }
  return element;
}

function key(button, message, phone) {
  const label = made("span", "", button.text);
  if (button.url) {
    const anchor = made("a", "key link", label);
    Object.assign(anchor, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    anchor.onclick = (event) => phone.link(button.url, event);
    return anchor;
  }
  const element = made("button", "key", label);
  element.type = "button";
  if (button.style) element.classList.add(button.style);
  if (button.copy_text) {
    element.classList.add("copy");
    element.onclick = () => phone.copy(button.copy_text.text);
  } else if (button.pay) {
    element.classList.add("pay");
    element.onclick = () => phone.pay(message, element);
  } else {
    element.onclick = () => phone.press(message, button.callback_data, element);
  }
  return element;
}
