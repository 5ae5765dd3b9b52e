// Undoes the changes that are not saved yet, one after the other: Ctrl+Z, or the button that is there while there is any.
//
// A step is whatever rows look different when a cell is left or an act ends, so no act has to know how it is undone.
// Markup contract: a [data-undo] button in the form.

import { fieldsOf, isBlank, isCell, put, removal, rowOf, valuesOf } from "../rows.mjs";

const stateOf = (row) => JSON.stringify({ ...valuesOf(row), DELETE: removal(row).checked });

// Gives the grid `settle()`, before an act, `changed(...rows)`, with which one ends, and `undo()`.
export function undoChanges(grid) {
  const { form, rows } = grid;
  const button = form.querySelector("[data-undo]");
  const known = new WeakMap(), touched = new Set(), steps = [];
  const blank = JSON.stringify(Object.fromEntries([...Object.keys(valuesOf(rows.last())).map((name) => [name, ""]), ["DELETE", false]]));
  for (const row of rows.all()) known.set(row, stateOf(row));

  const before = (row) => known.get(row) ?? blank;
  const isDifferent = (row) => stateOf(row) !== before(row);
  const offer = () => { button.hidden = !steps.length && ![...touched].some(isDifferent); };

  const settle = () => {
    const step = [...touched].filter(isDifferent).map((row) => [row, before(row)]);
    for (const [row] of step) known.set(row, stateOf(row));
    touched.clear();
    if (step.length) steps.push(step);
    offer();
  };

  grid.followers.push((changed) => {
    changed.forEach((row) => touched.add(row));
    offer();
  });
  // A text is one change however many letters it has: it ends where its cell is left.
  form.addEventListener("change", ({ target }) => rowOf(target) && !target.matches("input[type=text]") && settle());
  form.addEventListener("focusout", ({ target }) => rowOf(target) && settle());
  button.addEventListener("click", () => grid.undo());

  grid.settle = settle;
  grid.changed = (...changed) => {
    grid.touched(...changed);
    settle();
  };

  grid.undo = () => {
    settle();
    const step = steps.pop() ?? [];
    grid.tell("");
    const place = step.map(([row, state]) => differing(row, JSON.parse(state))).find(Boolean);
    for (const [row, state] of step) {
      const { DELETE, ...values } = JSON.parse(state);
      put(row, values);
      removal(row).checked = DELETE;
      known.set(row, state);
    }
    grid.touched(...step.map(([row]) => row));
    touched.clear();
    offer();
    const away = step.map(([row]) => row).filter((row) => "between" in row.dataset && isBlank(row));
    const target = away.includes(rowOf(place ?? form)) ? fieldsOf(rows.before(away[0])).amount : place;
    away.forEach(rows.withdraw);
    (target ?? fieldsOf(rows.last()).amount).focus();
  };
}

// The first cell of the row that does not look like this.
function differing(row, state) {
  const fields = fieldsOf(row), name = Object.keys(state).find((each) => fields[each].value !== state[each]);
  return name && isCell(fields[name]) ? fields[name] : fields.amount;
}
