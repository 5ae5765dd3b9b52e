// A row goes to another day: dragged by its handle onto a day of the week, or by the date in what “More” opens.
//
// Markup contract: a [data-handle] that can be dragged in each row, and links of days with [data-day].

import { fieldsOf, put, rowOf } from "../rows.mjs";

export function moveRows(grid) {
  const { form } = grid;
  let dragged = null;

  form.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    dragged = rowOf(handle);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", fieldsOf(dragged).amount.value);
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  form.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  document.addEventListener("dragover", (event) => {
    const day = dragged && event.target.closest?.("a[data-day]");
    mark(day);
    if (day) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const day = dragged && event.target.closest?.("a[data-day]");
    if (!day) return;
    event.preventDefault();
    const { date } = day.dataset.day === form.dataset.day ? { date: "" } : { date: day.dataset.day };
    put(dragged, { date });
    fieldsOf(dragged).date.dispatchEvent(new Event("change", { bubbles: true }));
    fieldsOf(dragged).date.focus();
  });
}

function mark(day) {
  for (const each of document.querySelectorAll("a[data-day]")) each.classList.toggle("over", each === day);
}
