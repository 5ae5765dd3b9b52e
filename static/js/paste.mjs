// A block copied from a spreadsheet fills the grid from the cell it is pasted into, line by line.
//
// A column of dates, wherever it stands, says where each row goes; the other columns are those of the grid from that cell
// on. What is not understood is not lost: it goes to the notes of its row, which is told, and a category that is unknown
// is marked until somebody chooses.
// Markup contract: [data-full] is shown when the day has no room for all the lines, the rest is told.

import { readerOfDates } from "./grid/dates.mjs";
import { say as filled } from "./grid/words.mjs";
import { cells, fieldsOf, isBlank, put, rowOf } from "./rows.mjs";

const SEPARATOR = " · ";

export function takeBlocks(grid) {
  const { form, rows, words } = grid;
  const full = form.querySelector("[data-full]");

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain"), row = rowOf(event.target);
    const column = row ? cells(row).indexOf(event.target) : -1;
    if (column < 0 || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = withDates(text.trimEnd().split(/\r?\n/), form.dataset);
    const written = write(rows, row, column, lines);
    full.hidden = written.length === lines.length;
    tellOf(written);
    grid.changed(...written.map((each) => each.row));
  });

  const tellOf = (written) => {
    const homeless = written.flatMap((each) => each.homeless), moved = written.filter(({ moves }) => moves).length;
    const sentences = [
      moved && filled(words.sayPastedMoved, { n: moved }),
      homeless.length && filled(words.sayPastedUnknown, { what: homeless.map((word) => `“${word}”`).join(", ") }),
    ];
    grid.tell(sentences.filter(Boolean).join(" "));
    grid.say(sentences.filter(Boolean).join(" "));
  };

  form.addEventListener("change", ({ target }) => {
    if (target.matches("select")) mark(target, false);
  });
  grid.followers.push((changed) => {
    for (const row of changed) if (isBlank(row)) mark(fieldsOf(row).category, false);
  });
}

// The lines as { values, date, wrong }: `wrong` is what stands among the dates and is none.
function withDates(lines, dataset) {
  const table = lines.map((line) => line.split("\t").map((value) => value.trim()));
  const width = Math.max(...table.map((values) => values.length));
  for (let column = 0; column < width; column += 1) {
    const read = readerOfDates(table.map((values) => values[column] ?? ""), dataset);
    if (read) return table.map((values) => split(values, column, read));
  }
  return table.map((values) => ({ values, date: null, wrong: "" }));
}

function split(values, column, read) {
  const [text = ""] = values.slice(column, column + 1), date = read(text);
  return { values: values.toSpliced(column, 1), date, wrong: date ? "" : text };
}

// What was written into which row, as far as there was room.
function write(rows, start, column, lines) {
  const written = [];
  for (const [index, line] of lines.entries()) {
    const row = index ? rows.after(written.at(-1).row) : start;
    if (!row) break;
    written.push({ row, ...fill(row, column, line, rows.day) });
  }
  return written;
}

function fill(row, column, { values, date, wrong }, day) {
  const all = cells(row), homeless = wrong ? [wrong] : [];
  for (const [index, value] of values.entries()) {
    const cell = all[column + index];
    if (cell?.matches("select")) {
      if (!choose(cell, value) && value) homeless.push(value);
    } else if (cell) cell.value = value;
    else if (value) homeless.push(value);
  }
  const { notes } = fieldsOf(row), moves = Boolean(date) && date !== day;
  put(row, { notes: [notes.value, ...homeless].filter(Boolean).join(SEPARATOR), date: moves ? date : "" });
  return { homeless, moves };
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
