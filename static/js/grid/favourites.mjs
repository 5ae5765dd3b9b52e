// Rows that come again and again: put in with Alt and a number, or from the menu; rows of the day are kept as one.
//
// Markup contract: data-favourites of the grid's form is their address in the API; a <details data-favourites-menu> with
// a [data-favourites-list] and a [data-favourites-none]; in the form, a [data-favourite-save] button beside a
// "favourite-name" and a "favourite-rows", which is "row" for the row written last, or "day".

import { fieldsOf, rowOf } from "../rows.mjs";
import { say as filled } from "./words.mjs";

const MOST_KEYS = 9;

export function useFavourites(grid) {
  const { form, rows, money, words, say, tell } = grid;
  const menu = document.querySelector("[data-favourites-menu]");
  const list = menu.querySelector("[data-favourites-list]");
  let sets = null, last = null;

  const load = async () => {
    sets ??= await setsOf(form.dataset.favourites);
    list.replaceChildren(...[...sets.keys()].map(button));
    menu.querySelector("[data-favourites-none]").hidden = sets.size > 0;
  };
  const putIn = async (number) => {
    try {
      await load();
    } catch {
      return tell(words.sayFailed);
    }
    const name = [...sets.keys()][number];
    if (name === undefined) return tell(words.sayNoFavourite);
    grid.settle();
    const inserted = rows.insert(sets.get(name).map((row) => asNew(row, money)));
    form.querySelector("[data-full]").hidden = inserted.length === sets.get(name).length;
    grid.changed(...inserted);
    const open = inserted.find((row) => !fieldsOf(row).amount.value) ?? inserted[0] ?? rows.last();
    fieldsOf(open).amount.focus();
    return say(filled(words.sayFavourite, { name, n: inserted.length }));
  };

  form.addEventListener("focusin", ({ target }) => { last = rowOf(target) ?? last; });
  document.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    putIn(Number(digit[1]) - 1);
  });
  menu.addEventListener("toggle", () => menu.open && load().catch(() => tell(words.sayFailed)));
  list.addEventListener("click", ({ target }) => {
    const chosen = target.closest("button");
    if (!chosen) return;
    menu.open = false;
    putIn([...list.children].indexOf(chosen));
  });
  form.querySelector("[data-favourite-save]").addEventListener("click", async (event) => {
    event.preventDefault();
    const { said, problem } = await keep(form, last, words);
    if (!problem) sets = null;
    tell(problem ?? said);
  });
}

function button(name, index) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name;
  if (index < MOST_KEYS) {
    const key = document.createElement("kbd");
    key.textContent = `Alt ${index + 1}`;
    made.append(" ", key);
  }
  return made;
}

// The rows of each favourite by its name, in their order.
async function setsOf(address) {
  const sets = new Map();
  for (let next = address; next; ) {
    const answer = await fetch(next, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = await answer.json();
    for (const row of page.results) sets.set(row.name, [...(sets.get(row.name) ?? []), row]);
    next = page.next;
  }
  return sets;
}

function asNew({ amount, category, payee, notes, tags }, money) {
  const words = [notes, ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(" ");
  return { amount: amount === null ? "" : money.local(amount), category, payee, notes: words };
}

// The server reads the rows as it would to save them, and keeps them as a favourite instead: `said` or `problem`.
async function keep(form, row, words) {
  const body = new FormData(form);
  body.set("favourite", "yes");
  if (form.elements["favourite-rows"].value === "row" && row) body.set("favourite-row", fieldsOf(row).amount.name.split("-")[1]);
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { "HX-Request": "true" }, body });
    return await answer.json();
  } catch {
    return { problem: navigator.onLine ? words.sayFailed : words.sayOffline };
  }
}
