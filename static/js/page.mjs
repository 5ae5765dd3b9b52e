// What every page does with JavaScript; each of them works without it too. Nothing may import this: it would run twice.

import { tellFailure } from "./failure.mjs";

document.documentElement.classList.add("scripted");

for (const element of document.querySelectorAll("[data-needless-with-script]")) element.hidden = true;

// A date that is being typed changes with every key: go there when it is chosen, or when the field is left.
for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  let typing = false;
  const go = () => form.checkValidity() && form.requestSubmit();
  form.addEventListener("keydown", ({ key }) => { typing = key !== "Enter" && key !== "Tab"; });
  form.addEventListener("change", () => typing || go());
  form.addEventListener("focusout", ({ target }) => {
    if (typing && target.value !== target.defaultValue) go();
  });
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

const isUnsaved = (form) => [...form.elements].some((field) => "defaultValue" in field && field.value !== field.defaultValue);

// Asks before what cannot be taken back, and before one form of several takes the others' unsaved words along.
document.addEventListener("submit", (event) => {
  const { target } = event, list = target.closest("[data-others-unsaved]");
  const others = list ? [...list.querySelectorAll("form")].filter((form) => form !== target) : [];
  const question = target.dataset.confirm ?? (others.some(isUnsaved) ? list.dataset.othersUnsaved : "");
  if (question && !confirm(question)) event.preventDefault();
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

// A search field that is left says "change" though what it asks for is shown already: the answer would shut the menu
// that the field was left for.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { pathInfo, requestConfig } = event.detail;
  const isShown = pathInfo.finalRequestPath === location.pathname + location.search;
  if (isShown && requestConfig.triggeringEvent?.type === "change") event.preventDefault();
});

// A refused filter (400) is an answer to show like any other.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 400) detail.shouldSwap = true;
});

for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (detail.xhr.status !== 400) tellFailure();
  });
}
