// “Paid to” and #tags complete from what the ledger's latest expenses have, as a spreadsheet does: what follows stands in
// the cell already, selected, so that typing on writes over it and Backspace takes it away.
//
// Markup contract: data-completions of the form is the address of the API. It is asked once, when the page is idle;
// without its answer the cells are plain ones. Somebody known brings category and amount, where those are empty.

import { fieldsOf, put, rowOf } from "../rows.mjs";
import { fit, fold } from "./words.mjs";

const MOST = 8;

export function completeFromHistory(grid, list) {
  const { form, money } = grid;
  const known = { payees: [], tags: [] };
  let held = "";
  (window.requestIdleCallback ?? setTimeout)(() => ask(form.dataset.completions, known));

  // What is written at this place of the cell, without the event being taken for typing.
  const write = (cell, { before, start, typed }, text) => {
    cell.value = before.slice(0, start) + text + before.slice(start + typed.length);
    cell.setSelectionRange(start + text.length, start + text.length);
    cell.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  };

  const describe = (row, { text, category, amount }) => {
    const name = [...fieldsOf(row).category.options].find(({ value }) => value === category)?.text;
    return { text, detail: [name, amount && money.local(amount)].filter(Boolean).join(" · ") };
  };

  let place = null;
  const suggest = (cell, isDeleting) => {
    place = placeOf(cell);
    const found = place ? matches(known[place.kind], place.typed) : [];
    if (!found.length || (found.length === 1 && found[0].text === place.typed)) return list.close();
    const { typed, start, before } = place, [{ text }] = found;
    const goesOn = text.toLowerCase().startsWith(typed.toLowerCase()) && start + typed.length === before.length;
    const isTaken = !isDeleting && goesOn && typed !== "";
    if (isTaken) {
      write(cell, place, text);
      cell.setSelectionRange(start + typed.length, cell.value.length);
    }
    const entries = found.map((each) => describe(rowOf(cell), each));
    list.open(cell, entries, isTaken ? 0 : -1, (index) => write(cell, place, found[index].text));
  };

  form.addEventListener("focusin", ({ target }) => {
    if (!isCompleted(target)) return;
    held = target.value;
    target.setAttribute("role", "combobox");
    target.setAttribute("aria-autocomplete", "both");
    target.setAttribute("aria-expanded", "false");
    target.setAttribute("aria-controls", form.querySelector("[data-suggestions]").id);
  });
  form.addEventListener("input", ({ target, inputType = "", isComposing }) => {
    if (!isCompleted(target) || target !== document.activeElement || isComposing) return;
    if (inputType !== "insertReplacementText") suggest(target, !inputType.startsWith("insert"));
  });
  form.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!isCompleted(target) || !list.isFor(target)) return;
    if (key === "Enter") list.close(); // and whoever is next goes on to the next row
    if (!["ArrowDown", "ArrowUp", "Escape"].includes(key)) return;
    event.preventDefault();
    if (key !== "Escape") return list.step(key === "ArrowDown" ? 1 : -1);
    write(target, place, place.typed);
    list.close();
  });
  form.addEventListener("focusout", ({ target }) => {
    if (isPayee(target) && target.value !== held) bring(rowOf(target));
  });

  const bring = (row) => {
    const { payee, category, amount } = fieldsOf(row), name = fold(payee.value.trim());
    const usual = known.payees.find(({ folded }) => folded === name);
    if (!usual) return;
    const isOffered = [...category.options].some(({ value }) => value === usual.category);
    if (!category.value && isOffered) put(row, { category: usual.category });
    if (!amount.value.trim()) put(row, { amount: money.local(usual.amount) });
    grid.touched(row);
  };
}

const isPayee = (cell) => cell.matches("[name^=row-][name$=-payee]");
const isCompleted = (cell) => isPayee(cell) || cell.matches("[name^=row-][name$=-notes]");

async function ask(address, known) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { payees, tags } = await answer.json();
    known.payees = payees.map(({ payee, category, amount }) => ({
      text: payee, folded: fold(payee.trim()), category: String(category), amount,
    }));
    known.tags = tags.map((tag) => ({ text: tag, folded: fold(tag) }));
  } catch {
    // Away: everything can be written in full.
  }
}

// What could be completed where the caret is: all of who was paid, or the tag that is being written in the notes.
function placeOf(cell) {
  const { value: before, selectionStart: caret } = cell;
  if (isPayee(cell)) {
    return before.trim() && caret === before.length ? { kind: "payees", before, start: 0, typed: before } : null;
  }
  const [, typed] = /(?:^|\s)#([^\s#]*)$/.exec(before.slice(0, caret)) ?? [];
  const ends = /^(\s|$)/.test(before.slice(caret));
  return typed === undefined || !ends ? null : { kind: "tags", before, start: caret - typed.length, typed };
}

function matches(words, typed) {
  const text = fold(typed);
  return words
    .map((word) => ({ ...word, rank: fit(word.folded, text) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST);
}
