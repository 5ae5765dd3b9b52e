// The keyboard of the day's grid. The dialog in includes/keys.html lists what it does; keep them the same.

import { cells, fieldsOf, isBlank, isCell, put, removal, rowOf, valuesOf } from "./rows.mjs";

export function useKeys(grid) {
  const { form, rows } = grid;
  // Where writing a row began: Enter goes on there in the next row, as in a spreadsheet.
  let home = 0, tabbing = false;
  let held = ""; // what stood in the cell when it got the focus
  form.addEventListener("focusin", ({ target }) => {
    const row = rowOf(target);
    held = target.value;
    if (row && isCell(target) && !tabbing) home = cells(row).indexOf(target);
    tabbing = false;
  });

  const commands = {
    Enter: () => form.requestSubmit(),
    Delete: ({ row }) => removal(row).click(),
    d: ({ row, target }) => repeat(grid, row, target),
    z: () => grid.undo(),
    S: ({ row }) => grid.split(row),
  };

  form.addEventListener("keydown", (event) => {
    const { key, target } = event, row = rowOf(target);
    if (!row || event.isComposing || event.defaultPrevented) return;
    tabbing = key === "Tab";
    if (event.ctrlKey || event.metaKey) {
      const command = event.altKey ? null : commands[nameOf(event)];
      if (!command) return;
      event.preventDefault();
      grid.settle(); // what was being typed is a change of its own
      command({ row, target });
    } else if (key === "Enter" && !target.matches("summary, button")) {
      event.preventDefault();
      if (isCell(target)) enter(rows, target, event.shiftKey, home);
      else if (target.matches("[data-more]")) enter(rows, fieldsOf(row).notes, event.shiftKey, home);
    } else if (key === "Escape" && isCell(target) && target.value !== held) {
      event.preventDefault();
      target.value = held;
      target.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
    } else if (isCell(target) && target.matches("input") && !event.altKey) {
      const way = wayOf(key, target);
      if (way && move(rows, target, ...way)) event.preventDefault();
    }
  });
}

// Letters in lower case, or in upper case with Shift, whatever Caps Lock makes of them.
const nameOf = ({ key, shiftKey }) => (key.length > 1 ? key : shiftKey ? key.toUpperCase() : key.toLowerCase());

// The row above once more, where this one is blank; else the cell above.
function repeat(grid, row, target) {
  const above = grid.rows.before(row);
  if (!above) return;
  const { date: _day, receipt: _receipt, ...values } = valuesOf(above);
  if (isBlank(row)) put(row, values);
  else if (isCell(target)) target.value = cells(above)[cells(row).indexOf(target)].value;
  grid.changed(row);
  target.select?.();
}

function enter(rows, cell, back, home) {
  const column = cells(rowOf(cell)).indexOf(cell);
  move(rows, cell, back ? -1 : 1, back ? 0 : home - column);
}

// Down and across; to the left and right only from the edge of the text. A list keeps its arrows to itself.
function wayOf(key, { selectionStart, selectionEnd, value }) {
  return {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: selectionEnd === 0 && [0, -1],
    ArrowRight: selectionStart === value.length && [0, 1],
  }[key];
}

function move(rows, cell, down, across) {
  const row = rowOf(cell);
  const column = cells(row).indexOf(cell) + across;
  const target = down < 0 ? rows.before(row) : down > 0 ? rows.after(row) : row;
  const next = target && cells(target)[column];
  next?.focus();
  next?.select?.();
  return Boolean(next);
}
