// The day's formset as a keyboard-first grid: always one blank row more, the total while typing.
// Markup contract: <form data-grid>, one <tbody> of [data-row], one <template> with __prefix__.

import { reader } from "./money.mjs";

for (const form of document.querySelectorAll("form[data-grid]")) {
  const blank = form.querySelector("template");
  if (blank) edit(form, blank);
}

function edit(form, blank) {
  const body = form.querySelector("tbody");
  const count = form.querySelector("[name$=-TOTAL_FORMS]");
  const total = form.querySelector("[data-total]");
  const money = reader({ ...form.dataset, digits: Number(form.dataset.digits) });

  const rows = () => [...body.rows];
  const cells = (row) => [...row.querySelectorAll("input[type=text], select")];
  const amountOf = (row) => row.querySelector(".cell-amount input[type=text]");
  const removal = (row) => row.querySelector("[name$=-DELETE]");
  const isSaved = (row) => Boolean(row.querySelector("[name$=-id]").value);
  const isBlank = (row) => !isSaved(row) && cells(row).every((cell) => !cell.value);

  const add = () => {
    const index = Number(count.value);
    count.value = index + 1;
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
    body.append(holder.content);
    return body.rows[body.rows.length - 1];
  };

  const show = () => {
    let sum = 0n;
    for (const row of rows()) {
      const amount = money.parse(amountOf(row).value);
      const cleared = isSaved(row) && cells(row).filter((cell) => cell.type === "text").every((cell) => !cell.value.trim());
      const doomed = removal(row).checked || (isSaved(row) && (amount === 0n || cleared));
      row.classList.toggle("doomed", doomed);
      row.classList.toggle("changed", cells(row).some((cell) => cell.value !== (cell.dataset.first ?? "")));
      if (!doomed) sum += amount ?? 0n;
    }
    total.textContent = money.write(sum);
    if (!isBlank(rows().at(-1))) add();
  };

  const go = (row, column) => {
    const cell = cells(row)[column];
    cell?.focus();
    cell?.select?.();
    return Boolean(cell);
  };

  const move = (cell, down, across) => {
    const row = cell.closest("tr");
    const index = rows().indexOf(row) + down;
    return index >= 0 && go(rows()[index] ?? add(), cells(row).indexOf(cell) + across);
  };

  // From the last cell of a row Enter goes on to the first one of the next row: that is where writing goes on.
  const enter = (cell, back) => {
    const all = cells(cell.closest("tr")), last = all.length - 1;
    return move(cell, back ? -1 : 1, cell === all[last] && !back ? -last : 0);
  };

  const step = (event, cell) => {
    const edge = cell.selectionStart == null ? [] : [cell.selectionEnd === 0, cell.selectionStart === cell.value.length];
    return {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: edge[0] && [0, -1],
      ArrowRight: edge[1] && [0, 1],
    }[event.key];
  };

  form.addEventListener("keydown", (event) => {
    const cell = event.target, row = cell.closest?.("[data-row]");
    if (!row || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Delete" && event.ctrlKey) {
      event.preventDefault();
      removal(row).click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (cell.matches("input[type=text], select")) enter(cell, event.shiftKey);
    } else if (cell.matches("input[type=text], select") && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const way = step(event, cell);
      if (!way || (cell.matches("select") && event.key.startsWith("Arrow"))) return;
      if (move(cell, ...way)) event.preventDefault();
    }
  });

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain"), start = event.target.closest?.("[data-row]");
    if (!start || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const column = cells(start).indexOf(event.target);
    text.trimEnd().split(/\r?\n/).reduce((row, line) => {
      line.split("\t").forEach((value, index) => fill(cells(row)[column + index], value.trim()));
      return rows()[rows().indexOf(row) + 1] ?? add();
    }, start);
    show();
  });

  const fill = (cell, value) => {
    if (cell?.matches("select")) {
      const option = [...cell.options].find(({ text }) => text.toLowerCase() === value.toLowerCase());
      cell.value = option?.value ?? "";
    } else if (cell) cell.value = value;
  };

  // What was shown first, to mark the rows that differ; after a failed save that is what the hidden copies say.
  for (const cell of form.querySelectorAll("tbody input[type=text], tbody select")) {
    cell.dataset.first = form.elements[`initial-${cell.name}`]?.value ?? "";
  }
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
  if (!form.querySelector("[autofocus]") && form.querySelector("[aria-invalid]")) form.querySelector("[aria-invalid]").focus();
  else amountOf(rows().find(isBlank) ?? rows().at(-1)).focus({ preventScroll: true });
}
