// Toasts, which disappear by themselves, and alerts, which wait for a choice.

const SHOWN_MS = 3500;
let timer = 0;

export function toast(text) {
  const element = document.querySelector("#toast");
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => element.classList.remove("shown"), SHOWN_MS);
}

// Show a dialog with one button for each choice ([label, value]). Resolves to the value, or to null
// where the dialog was closed.
export function ask(text, choices) {
  const dialog = document.querySelector("#alert");
  if (dialog.open) dialog.close("");
  dialog.querySelector("p").textContent = text;
  dialog.setAttribute("aria-label", text);
  const buttons = choices.map(([label, value]) => {
    const button = document.createElement("button");
    button.value = value ?? "";
    button.textContent = label;
    return button;
  });
  dialog.querySelector(".choices").replaceChildren(...buttons);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue || null);
  });
}
