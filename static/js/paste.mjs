// A block copied from a spreadsheet fills the grid from the cell it is pasted into, line by line.
//
// A word that is no category is not lost: it goes to the notes of its row, and the empty choice is marked until
// somebody chooses. [data-full] is shown when the day has no room for all the lines.

import { cells, notesOf } from "./rows.mjs";

const SEPARATOR = " · ";

export function takeBlocks(form, rows, show) {
  const full = form.querySelector("[data-full]");

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const row = event.target.closest?.("[data-row]");
    const column = row ? cells(row).indexOf(event.target) : -1;
    if (column < 0 || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    full.hidden = write(rows, row, column, text.trimEnd().split(/\r?\n/));
    show();
  });

  form.addEventListener("change", ({ target }) => {
    if (target.matches("select")) mark(target, false);
  });
}

// Whether all the lines found room.
function write(rows, start, column, lines) {
  let row = start;
  for (const [index, line] of lines.entries()) {
    if (index) row = rows.after(row);
    if (!row) return false;
    fill(row, column, line.split("\t").map((value) => value.trim()));
  }
  return true;
}

function fill(row, column, values) {
  const all = cells(row);
  const homeless = [];
  for (const [index, value] of values.entries()) {
    const cell = all[column + index];
    if (cell?.matches("select")) {
      if (!choose(cell, value)) homeless.push(value);
    } else if (cell) cell.value = value;
  }
  const notes = notesOf(row);
  notes.value = [notes.value, ...homeless].filter(Boolean).join(SEPARATOR);
}

// Whether there is such a choice.
function choose(select, word) {
  const option = [...select.options].find(({ text }) => text.toLowerCase() === word.toLowerCase());
  select.value = option?.value ?? "";
  mark(select, !option);
  return Boolean(option);
}

// What the server marked, with its reason beside it, stays marked until the next save.
function mark(select, unknown) {
  if (unknown) select.setAttribute("aria-invalid", "true");
  else if (!select.hasAttribute("aria-describedby")) select.removeAttribute("aria-invalid");
}
