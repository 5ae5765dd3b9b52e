// One payment over several categories: rows with the same receipt, each an expense of its own.
//
// Splitting asks nothing: a part with the same payee comes beneath, and what is left of the whole is said until the parts
// add up; an empty part takes it over when its amount gets the focus. Payee and day are those of the payment: changed in
// one part, they change in all.
// Markup contract: a hidden [data-receipt] field in each row, and a <template data-acts> with a [data-split] and a
// [data-whole] button for what “More” opens.

import { fieldsOf, isBlank, put, receiptOf, removal, rowOf } from "../rows.mjs";
import { say as filled } from "./words.mjs";

const SHARED = ["payee", "date"];

export function splitRows(grid) {
  const { form, rows, money, words, say, followers } = grid;
  const wholes = new Map(); // what each receipt came to before its parts were changed

  const parts = (receipt) => rows.of(receipt).filter((row) => !removal(row).checked);
  const sum = (receipt) => parts(receipt).reduce((total, row) => total + (money.parse(fieldsOf(row).amount.value) ?? 0n), 0n);

  gather(rows);
  for (const receipt of new Set(rows.all().map(receiptOf))) if (receipt) wholes.set(receipt, sum(receipt));

  grid.split = (row) => {
    if (isBlank(row)) return;
    const isNew = !receiptOf(row), receipt = receiptOf(row) || crypto.randomUUID();
    if (isNew) put(row, { receipt });
    if (isNew) wholes.set(receipt, sum(receipt));
    const last = rows.of(receipt).at(-1), part = rows.add(last);
    if (!part) return;
    const { payee, date } = fieldsOf(row);
    put(part, { payee: payee.value, date: date.value, receipt });
    grid.changed(row, part);
    const { amount } = fieldsOf(isNew ? row : part);
    amount.focus();
    amount.select();
    say(words.saySplit);
  };

  const left = (receipt) => (wholes.get(receipt) ?? sum(receipt)) - sum(receipt);

  const show = (receipt) => {
    const all = rows.of(receipt), rest = left(receipt), size = rest < 0n ? -rest : rest;
    const sentence = rest < 0n ? words.sayOver : words.sayLeft;
    const values = { left: money.write(size), whole: money.write(wholes.get(receipt) ?? 0n) };
    for (const [index, row] of all.entries()) {
      row.classList.add("part");
      row.classList.toggle("first-part", index === 0);
      const line = row.querySelector(".left") ?? document.createElement("p");
      line.className = "left";
      line.textContent = filled(sentence, values);
      if (rest && index === all.length - 1) fieldsOf(row).amount.parentElement.append(line);
      else line.remove();
    }
  };

  followers.push((changed) => {
    for (const row of changed) if (!receiptOf(row)) row.classList.remove("part", "first-part"), row.querySelector(".left")?.remove();
    for (const receipt of new Set(changed.map(receiptOf))) if (receipt) show(receipt);
  });

  form.addEventListener("input", ({ target }) => {
    const row = rowOf(target), name = row && SHARED.find((each) => fieldsOf(row)[each] === target);
    if (!name || !receiptOf(row)) return;
    const others = rows.of(receiptOf(row)).filter((other) => other !== row);
    for (const other of others) put(other, { [name]: target.value });
    grid.touched(...others);
  });

  form.addEventListener("focusin", ({ target }) => {
    const row = rowOf(target), receipt = row && receiptOf(row);
    if (!receipt || target !== fieldsOf(row).amount || target.value || left(receipt) <= 0n) return;
    target.value = money.typed(left(receipt));
    target.select();
    grid.touched(row);
  });

  // The buttons come when “More” opens; few rows ever need them.
  form.addEventListener("toggle", ({ target }) => equip(target), true);
  form.querySelectorAll("details.more[open]").forEach(equip);
  form.addEventListener("click", ({ target }) => {
    const row = rowOf(target);
    if (target.closest("[data-split]")) grid.split(row);
    if (target.closest("[data-whole]")) removeAll(rows.of(receiptOf(row)), grid);
  });

  function equip(details) {
    if (!details.open || !details.matches("details.more")) return;
    if (!details.querySelector("[data-split]")) details.append(form.querySelector("template[data-acts]").content.cloneNode(true));
    details.querySelector("[data-whole]").hidden = !receiptOf(rowOf(details));
  }
}

function removeAll(parts, grid) {
  for (const row of parts) removal(row).checked = true;
  grid.changed(...parts);
}

// Parts that were saved at different times stand together all the same.
function gather(rows) {
  const last = new Map();
  for (const row of rows.all()) {
    const receipt = receiptOf(row);
    if (receipt && last.has(receipt) && last.get(receipt).nextElementSibling !== row) last.get(receipt).after(row);
    if (receipt) last.set(receipt, row);
  }
}
