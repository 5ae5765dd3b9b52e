// What every page does with JavaScript; each of them works without it too.

document.documentElement.classList.add("scripted");

for (const element of document.querySelectorAll("[data-needless-with-script]")) element.hidden = true;

for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  form.addEventListener("change", () => form.checkValidity() && form.requestSubmit());
}

for (const input of document.querySelectorAll("[data-time-zone]")) {
  input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// One click, one request: the server knows a form that comes twice, but nobody likes to wait for two answers.
const buttons = (form) => form.querySelectorAll("button:not([type=button]):not([hidden])");

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (defaultPrevented || target.method !== "post") return;
  // After this event, else the button that was clicked would not be sent along.
  setTimeout(() => buttons(target).forEach((button) => { button.disabled = true; button.dataset.sent = ""; }));
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-sent]")) button.disabled = false;
});

// A refused filter (400) is an answer to show like any other.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 400) detail.shouldSwap = true;
});
