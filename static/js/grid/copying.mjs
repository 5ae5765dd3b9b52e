// The expenses of another day come as new rows, which nothing has saved yet.
//
// Markup contract: data-day and data-day-api (the address of that day in the API) of the grid's form; links with
// [data-copy=date] and a <form data-copy-from> with a date in it, which without JavaScript lead to ?copy=date.

import { fieldsOf } from "../rows.mjs";
import { dayInWords, say as filled } from "./words.mjs";

export function copyDays(grid) {
  const { form, rows, money, words, say, tell } = grid, { day, dayApi } = form.dataset;

  const copy = async (date) => {
    const expenses = date && (await expensesOf(dayApi.replace(day, date)));
    if (!expenses) return tell(words.sayFailed);
    const inserted = rows.insert(asNew(expenses, money));
    form.querySelector("[data-full]").hidden = inserted.length === expenses.length;
    grid.changed(...inserted);
    const sentence = filled(inserted.length ? words.sayCopied : words.sayNothing, { n: inserted.length, date: dayInWords(date) });
    tell(sentence);
    say(sentence);
    fieldsOf(inserted[0] ?? rows.last()).amount.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(link.dataset.copy);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-copy-from]")) return;
    event.preventDefault();
    copy(event.target.elements.copy.value);
  });
}

async function expensesOf(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).expenses : null;
  } catch {
    return null;
  }
}

// Values of rows. What was one receipt there is one of its own here.
function asNew(expenses, money) {
  const receipts = new Map();
  return expenses.map(({ amount, category, payee, notes, tags, spread_months: months, receipt }) => {
    if (receipt && !receipts.has(receipt)) receipts.set(receipt, crypto.randomUUID());
    return {
      amount: money.local(amount),
      category,
      payee,
      notes: [notes, ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(" "),
      spread_months: months > 1 ? months : "",
      receipt: receipts.get(receipt) ?? "",
    };
  });
}
