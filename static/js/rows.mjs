// The rows of the day's grid: what each of them holds, and one row more where one is needed.
//
// Markup contract: one <tbody> of [data-row], one <template> of a row with __prefix__ and __number__ in it, and
// Django's management form, which says how many rows there are and how many the server takes.

const TYPED = "input[type=text]:not([data-months]), select";

export const isCell = (element) => element.matches(TYPED);
export const cells = (row) => [...row.querySelectorAll(TYPED)];
export const amountOf = (row) => row.querySelector(".cell-amount input[type=text]");
export const notesOf = (row) => row.querySelector(".cell-notes input[type=text]");
// Over how many months; no cell, because it is out of sight in most rows.
const monthsOf = (row) => row.querySelector("[data-months]");
const inputs = (row) => [...cells(row), monthsOf(row)];
export const removal = (row) => row.querySelector("[name$=-DELETE]");

export const isSaved = (row) => Boolean(row.querySelector("[name$=-id]").value);
export const isBlank = (row) => !isSaved(row) && inputs(row).every((input) => !input.value);
export const isCleared = (row) => cells(row).every((cell) => cell.matches("select") || !cell.value.trim());
export const isChanged = (row) => inputs(row).some((input) => input.value !== (input.dataset.first ?? ""));

// Whether leaving the page would lose something of the row: a new row that is ticked for removal loses nothing.
export const isUnsaved = (row) => (removal(row).checked ? isSaved(row) : isChanged(row));

export function rowsOf(form) {
  const body = form.querySelector("tbody");
  const blank = form.querySelector("template").innerHTML;
  const count = form.querySelector("[name$=-TOTAL_FORMS]");
  const most = Number(form.querySelector("[name$=-MAX_NUM_FORMS]").value);

  // The new row, or null when the day is full.
  const add = () => {
    const index = Number(count.value);
    if (index >= most) return null;
    count.value = index + 1;
    const holder = document.createElement("template");
    holder.innerHTML = blank.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
    body.append(holder.content);
    return body.lastElementChild;
  };

  return {
    add,
    all: () => [...body.rows],
    last: () => body.lastElementChild,
    before: (row) => row.previousElementSibling,
    after: (row) => row.nextElementSibling ?? add(),
  };
}
