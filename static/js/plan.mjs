// The preview of an import: every change is saved at once, and nothing that is being typed is touched by the answer.
//
// Markup contract: <form data-plan> with a tbody [data-line] for each line, whose controls are sent alone when one of
// them changes. The answer holds the parts of the page that this changes, each with the id of what it takes the place
// of. A control with [data-save] sends the whole form, and the new form takes the place of the old one.

import { tellFailure } from "./failure.mjs";
import { pick } from "./picking.mjs";
import { readAll } from "./reading.mjs";

const ANYWHERE = "input:not([type=hidden]), select";
const controls = (line) => [...line.querySelectorAll("[name]")];

let queue = Promise.resolve(), pending = 0;
let form = document.querySelector("form[data-plan]");
if (form) begin();
readAll();

function begin() {
  pick(form);
  form.addEventListener("change", ({ target }) => {
    const line = target.closest("[data-line]");
    if (line && !target.matches("[data-pick]")) enqueue(() => saveLine(line));
    else if (target.matches("select[data-save]")) enqueue(() => saveAll());
  });
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (submitter?.matches("[data-apply]") && !pending) return working(submitter);
    event.preventDefault();
    if (submitter?.matches("[data-apply]")) return queue.then(() => form.requestSubmit(form.querySelector("[data-apply]")));
    enqueue(() => saveAll(submitter));
  });
  form.addEventListener("keydown", move);
}

// One after the other: each says which version of the plan it has seen.
function enqueue(save) {
  pending += 1;
  queue = queue.then(save).catch(tellFailure).finally(() => { pending -= 1; });
}

async function saveLine(line) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "version", "state"]) data.set(name, form.elements[name].value);
  for (const control of controls(line)) {
    if (control.matches("[type=checkbox], [type=radio]") ? control.checked && control.name !== "line" : true) {
      data.set(control.name, control.value);
    }
  }
  line.classList.add("unsaved");
  const answer = await send(form.action, data, { "HX-Request": "true" });
  const refused = answer?.querySelector(`[data-line="${line.dataset.line}"]`);
  if (refused) line.replaceWith(document.adoptNode(refused));
  else if (answer) {
    swap(answer);
    line.classList.remove("unsaved");
  }
}

async function saveAll(submitter) {
  const data = new FormData(form, submitter);
  const place = document.activeElement?.closest("[data-line]")?.dataset.line;
  const answer = await send(form.action, data, {});
  if (!answer) return;
  swap(answer, ["problem", "plan"]);
  document.querySelector(".messages").replaceChildren(...answer.querySelector(".messages").children);
  form = document.getElementById("plan");
  begin();
  (place && document.getElementById(`category-${place}`))?.focus();
}

// The answer as a document; null where the page as a whole has to be looked at again.
async function send(url, body, headers) {
  const answer = await fetch(url, { method: "POST", body, headers });
  if (answer.status === 409 || answer.redirected && !new URL(answer.url).pathname.endsWith(new URL(form.action).pathname)) {
    location.reload();
    return null;
  }
  if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(answer, ids = [...answer.querySelectorAll("[id]")].map(({ id }) => id)) {
  for (const id of ids) {
    const here = document.getElementById(id), there = answer.getElementById(id);
    if (!here || !there) continue;
    const chosen = there.querySelector("[name=otherwise]");
    if (chosen) chosen.value = form.elements.otherwise?.value || chosen.value;
    here.replaceWith(document.adoptNode(there));
  }
  // Not swapped, since somebody may be about to press it.
  const button = document.querySelector("[data-apply]"), wanted = answer.querySelector("[data-apply]");
  if (button && wanted) button.disabled = wanted.disabled;
}

function working(button) {
  const line = form.querySelector("[data-working]");
  line.textContent = line.dataset.working;
  form.classList.add("busy");
  button.setAttribute("aria-busy", "true");
}

// Up and down lead to the same control of another line; in a list, letters choose and Alt+Down opens it.
function move(event) {
  const { key, target, altKey, ctrlKey, metaKey } = event;
  const line = target.closest("[data-line]");
  if (!line || event.isComposing || altKey || ctrlKey || metaKey || target.matches("[type=radio]")) return;
  const down = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[key];
  if (!down || (key === "Enter" && target.matches("button, a"))) return;
  event.preventDefault();
  const kind = (element) => element.name.replace(/\d+/, "");
  const all = [...form.querySelectorAll(`[data-line] :is(${ANYWHERE})`)].filter((each) => kind(each) === kind(target));
  const next = all[all.indexOf(target) + down];
  target.blur(); // which is a change where something was typed, also in the last line
  (next ?? target).focus();
  if (next?.matches("[type=text]")) next.select();
}
