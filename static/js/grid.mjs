// The day's formset as a keyboard-first grid: always one blank row more, the total while typing.
//
// Markup contract: <form data-grid data-decimal data-group data-digits data-locale data-day>, a [data-total] in it (and
// a [data-total-too] where the first may be out of sight), [data-words] with the sentences of the modules in grid/, an
// aria-live [data-said], a [data-told] box, and the rows as rows.mjs wants them. A module that changes rows calls grid.changed(...rows).
// Rows from elsewhere: form.dispatchEvent(new CustomEvent("insert-rows", { detail: [{ amount, payee, … }] })).

import { chooseByTyping } from "./grid/choosing.mjs";
import { completeFromHistory } from "./grid/completing.mjs";
import { copyDays } from "./grid/copying.mjs";
import { keepDrafts } from "./grid/drafts.mjs";
import { explainKeys } from "./grid/explaining.mjs";
import { useFavourites } from "./grid/favourites.mjs";
import { moveRows } from "./grid/moving.mjs";
import { saveInPlace } from "./grid/saving.mjs";
import { splitRows } from "./grid/splitting.mjs";
import { suggestionsOf } from "./grid/suggestions.mjs";
import { reckonAmounts } from "./grid/sums.mjs";
import { undoChanges } from "./grid/undoing.mjs";
import { dayInWords } from "./grid/words.mjs";
import { useKeys } from "./keys.mjs";
import { guard } from "./leaving.mjs";
import { reader } from "./money.mjs";
import { takeBlocks } from "./paste.mjs";
import { fieldsOf, isBlank, isChanged, isCleared, isSaved, isUnsaved, removal, rowOf, rowsOf } from "./rows.mjs";

for (const form of document.querySelectorAll("form[data-grid]")) edit(form);

function edit(form) {
  const grid = {
    form,
    rows: rowsOf(form),
    money: reader({ ...form.dataset, digits: Number(form.dataset.digits) }),
    words: form.querySelector("[data-words]").dataset,
    leaving: guard(),
    say: (text) => { form.querySelector("[data-said]").textContent = text; },
    tell: (text) => tell(form.querySelector("[data-told]"), text),
    followers: [],
  };
  remember(grid);
  const show = display(grid), list = suggestionsOf(form);
  grid.touched = (...rows) => {
    show(rows);
    for (const follow of grid.followers) follow(rows);
  };

  // Who comes first sees a key first.
  chooseByTyping(grid, list);
  completeFromHistory(grid, list);
  form.addEventListener("input", ({ target }) => rowOf(target) && grid.touched(rowOf(target)));
  form.addEventListener("change", ({ target }) => rowOf(target) && grid.touched(rowOf(target)));
  reckonAmounts(grid);
  splitRows(grid);
  moveRows(grid);
  undoChanges(grid); // gives the grid changed() and undo()
  useKeys(grid);
  takeBlocks(grid);
  copyDays(grid);
  useFavourites(grid);
  explainKeys(form);
  saveInPlace(grid, keepDrafts(grid));
  form.addEventListener("click", writeWhatOpens);
  form.addEventListener("insert-rows", ({ detail }) => grid.changed(...grid.rows.insert(detail)));
  grid.touched(...grid.rows.all());
  focusFirst(grid);
}

// Shows what these rows are now, and what all of them come to.
function display({ form, rows, money, words, leaving }) {
  const totals = form.querySelectorAll("[data-total], [data-total-too]");
  const counted = new WeakMap(), unsaved = new Set();

  const look = (row) => {
    const { amount, date } = fieldsOf(row), spent = money.parse(amount.value);
    const doomed = removal(row).checked || (isSaved(row) && (spent === 0n || isCleared(row)));
    const goes = !doomed && Boolean(date.value) && date.value !== form.dataset.day;
    row.classList.toggle("doomed", doomed);
    row.classList.toggle("changed", isChanged(row));
    row.classList.toggle("goes", goes);
    amount.parentElement.dataset.goes = goes ? words.sayGoes.replace("{date}", dayInWords(date.value)) : "";
    counted.set(row, doomed || goes ? 0n : spent ?? 0n);
    unsaved[isUnsaved(row) ? "add" : "delete"](row);
    // Of several blank rows a phone shows the first.
    for (const each of [row, row.nextElementSibling]) each?.classList.toggle("spare", isBlank(each) && followsBlank(each));
  };

  return (changed) => {
    changed.forEach(look);
    if (!isBlank(rows.last())) look(rows.add() ?? rows.last());
    const sum = rows.all().reduce((total, row) => total + (counted.get(row) ?? 0n), 0n);
    for (const total of totals) total.textContent = money.write(sum);
    leaving.watch(unsaved.size > 0);
  };
}

function followsBlank({ previousElementSibling: before }) {
  return Boolean(before) && isBlank(before);
}

function tell(box, text) {
  box.textContent = text;
  box.hidden = !text;
}

// What was shown first, to mark the rows that differ; after a failed save that is what the hidden copies say.
function remember({ form, rows }) {
  for (const row of rows.all()) {
    for (const field of Object.values(fieldsOf(row))) {
      field.dataset.first = form.elements[`initial-${field.name}`]?.value ?? "";
    }
  }
}

// Where a row opens to take in over how many months it is spread, that is what comes next.
function writeWhatOpens({ target }) {
  const details = target.closest("summary")?.parentElement;
  if (details && !details.open) setTimeout(() => details.querySelector("input").focus());
}

function focusFirst({ form, rows }) {
  const first = form.querySelector("[aria-invalid=true], .conflict input[type=text]");
  if (first) first.focus();
  else fieldsOf(rows.all().find(isBlank) ?? rows.last()).amount.focus({ preventScroll: true });
}
