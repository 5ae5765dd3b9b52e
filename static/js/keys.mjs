// The keyboard of the day's grid: arrows and Enter go from cell to cell, Ctrl+Enter saves, Ctrl+Delete removes.

import { cells, isCell, notesOf, removal } from "./rows.mjs";

export function useKeys(form, rows) {
  // Where writing a row began: Enter goes on there in the next row, as in a spreadsheet.
  let home = 0, tabbing = false;
  form.addEventListener("focusin", ({ target }) => {
    const row = target.closest("[data-row]");
    if (row && isCell(target) && !tabbing) home = cells(row).indexOf(target);
    tabbing = false;
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row || event.isComposing) return;
    tabbing = event.key === "Tab";
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && (command || !event.target.matches("summary"))) {
      event.preventDefault();
      if (command) form.requestSubmit();
      else if (isCell(event.target)) enter(rows, event.target, event.shiftKey, home);
      else if (event.target.matches("[data-months]")) enter(rows, notesOf(row), event.shiftKey, home);
    } else if (event.key === "Delete" && event.ctrlKey) {
      event.preventDefault();
      removal(row).click();
    } else if (isCell(event.target) && event.target.matches("input") && !command && !event.altKey) {
      const way = wayOf(event.key, event.target);
      if (way && move(rows, event.target, ...way)) event.preventDefault();
    }
  });
}

function enter(rows, cell, back, home) {
  const column = cells(cell.closest("tr")).indexOf(cell);
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
  const row = cell.closest("tr");
  const column = cells(row).indexOf(cell) + across;
  const target = down < 0 ? rows.before(row) : down > 0 ? rows.after(row) : row;
  const next = target && cells(target)[column];
  next?.focus();
  next?.select?.();
  return Boolean(next);
}
