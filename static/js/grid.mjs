// The day's formset as a keyboard-first grid: always one blank row more, the total while typing.
// Markup contract: <form data-grid data-decimal data-group data-digits data-locale>, a [data-total] in it (and a
// [data-total-too] where the first may be out of sight), and the rows as rows.mjs wants them.

import { useKeys } from "./keys.mjs";
import { guard } from "./leaving.mjs";
import { reader } from "./money.mjs";
import { takeBlocks } from "./paste.mjs";
import { amountOf, cells, isBlank, isChanged, isCleared, isSaved, isUnsaved, removal, rowsOf } from "./rows.mjs";

for (const form of document.querySelectorAll("form[data-grid]")) edit(form);

function edit(form) {
  const rows = rowsOf(form);
  const show = display(form, rows);
  remember(form);
  useKeys(form, rows);
  takeBlocks(form, rows, show);
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("click", writeWhatOpens);
  show();
  focusFirst(form, rows);
}

// Shows what the rows as they are now come to.
function display(form, rows) {
  const totals = form.querySelectorAll("[data-total], [data-total-too]");
  const money = reader({ ...form.dataset, digits: Number(form.dataset.digits) });
  const leaving = guard(form);
  return () => {
    let sum = 0n;
    for (const row of rows.all()) {
      const amount = money.parse(amountOf(row).value);
      const doomed = removal(row).checked || (isSaved(row) && (amount === 0n || isCleared(row)));
      row.classList.toggle("doomed", doomed);
      row.classList.toggle("changed", isChanged(row));
      if (!doomed) sum += amount ?? 0n;
    }
    for (const total of totals) total.textContent = money.write(sum);
    leaving.watch(rows.all().some(isUnsaved));
    if (!isBlank(rows.last())) rows.add();
  };
}

// What was shown first, to mark the rows that differ; after a failed save that is what the hidden copies say.
function remember(form) {
  for (const cell of form.querySelectorAll("tbody input[type=text], tbody select")) {
    cell.dataset.first = form.elements[`initial-${cell.name}`]?.value ?? "";
  }
}

// Where a row opens to take in over how many months it is spread, that is what comes next.
function writeWhatOpens({ target }) {
  const details = target.closest("summary")?.parentElement;
  if (details && !details.open) setTimeout(() => details.querySelector("input").focus());
}

function focusFirst(form, rows) {
  const first = form.querySelector("[aria-invalid], .conflict input[type=text]");
  if (first) first.focus();
  else amountOf(rows.all().find(isBlank) ?? rows.last()).focus({ preventScroll: true });
}
