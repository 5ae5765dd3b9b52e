// The rows of the day's grid: what each of them holds, and one row more where one is needed.
//
// Markup contract: one <tbody> of [data-row], one <template data-blank> of a row with __prefix__ and __number__ in it,
// fields named row-<index>-<name>, and Django's management form, which says how many rows there are and how many the
// server takes. A row keeps its index for good, wherever it stands: by it the server knows a form that comes twice.

const TYPED = "input[type=text]:not([data-more]), select";
const VALUES = ["amount", "category", "payee", "notes", "spread_months", "date", "receipt"];
const known = new WeakMap();

export const isCell = (element) => element.matches(TYPED);
export const cells = (row) => [...row.querySelectorAll(TYPED)];
export const rowOf = (element) => element.closest?.("[data-row]");

// The fields of a row by their names.
export function fieldsOf(row) {
  if (!known.has(row)) {
    const named = [...row.querySelectorAll("[name^=row-]")].map((field) => [field.name.split("-")[2], field]);
    known.set(row, Object.fromEntries(named));
  }
  return known.get(row);
}

export const removal = (row) => fieldsOf(row).DELETE;
export const isSaved = (row) => Boolean(fieldsOf(row).id.value);
export const receiptOf = (row) => fieldsOf(row).receipt.value;
const texts = (row) => ["amount", "payee", "notes"].map((name) => fieldsOf(row)[name]);
const inputs = (row) => VALUES.map((name) => fieldsOf(row)[name]);
export const isBlank = (row) => !isSaved(row) && inputs(row).every((input) => !input.value);
export const isCleared = (row) => texts(row).every((cell) => !cell.value.trim());
export const isChanged = (row) => inputs(row).some((input) => input.value !== (input.dataset.first ?? ""));

// Whether leaving the page would lose something of the row: a new row that is ticked for removal loses nothing.
export const isUnsaved = (row) => (removal(row).checked ? isSaved(row) : isChanged(row));

// What a person has written in the row, and the other way round: names that are left out stay as they are.
export const valuesOf = (row) => Object.fromEntries(VALUES.map((name) => [name, fieldsOf(row)[name].value]));

export function put(row, values) {
  for (const [name, value] of Object.entries(values)) fieldsOf(row)[name].value = value;
  if (values.date || Number(values.spread_months) > 1) row.querySelector("details").open = true;
}

export function rowsOf(form) {
  const body = form.querySelector("tbody");
  const blank = form.querySelector("template[data-blank]").innerHTML;
  const count = form.querySelector("[name$=-TOTAL_FORMS]");
  const most = Number(form.querySelector("[name$=-MAX_NUM_FORMS]").value);

  // The new row, at the end or after another, or null when the day is full.
  const add = (after = body.lastElementChild) => {
    const index = Number(count.value);
    if (index >= most) return null;
    count.value = index + 1;
    const holder = document.createElement("template");
    holder.innerHTML = blank.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
    const row = holder.content.querySelector("[data-row]");
    after.after(row);
    if (row.nextElementSibling) {
      row.dataset.between = "";
      number(body);
    }
    return row;
  };

  const all = () => [...body.rows];

  return {
    add,
    all,
    day: form.dataset.day,
    last: () => body.lastElementChild,
    before: (row) => row.previousElementSibling,
    after: (row) => row.nextElementSibling ?? add(),
    of: (receipt) => all().filter((row) => receipt && receiptOf(row) === receipt),

    // Puts new rows in, first where blank ones are. Returns those that found room.
    insert(many) {
      const blanks = all().filter(isBlank), filled = [];
      for (const values of many) {
        const row = blanks.shift() ?? add();
        if (!row) break;
        put(row, values);
        filled.push(row);
      }
      return filled;
    },

    // Takes a row away that was put in between and is blank again.
    withdraw(row) {
      row.remove();
      number(body);
    },
  };
}

// A row is called by the place where it stands.
function number(body) {
  for (const [index, row] of [...body.rows].entries()) {
    for (const field of row.querySelectorAll("[aria-label]")) {
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, index + 1));
    }
  }
}
