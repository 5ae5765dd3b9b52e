// What a sum in the amount comes to, shown while it is typed; what cannot be reckoned is marked when its cell is left.
//
// Markup contract: a JSON <script id="refusals"> in the form, a sentence for each code of money.mjs. What the server has
// marked stays marked until the next save.

import { Refused } from "./arithmetic.mjs";
import { fieldsOf, rowOf } from "../rows.mjs";

export function reckonAmounts({ form, money, say, followers }) {
  const sentences = JSON.parse(form.querySelector("#refusals").textContent);

  const result = (text) => {
    if (!money.isSum(text)) return "";
    const amount = money.parse(text);
    return amount === null ? "= …" : `= ${money.write(amount)}`;
  };

  followers.push((rows) => {
    for (const row of rows) {
      const { amount } = fieldsOf(row), text = amount.dataset.refused === amount.value ? "" : result(amount.value);
      const before = note(amount, "sum")?.textContent ?? "";
      if (text !== before) tell(amount, "sum", text);
      if (text !== before && amount === document.activeElement) say(text);
      if (amount.dataset.refused && amount.value !== amount.dataset.refused) mark(amount, "");
    }
  });

  form.addEventListener("focusout", ({ target }) => {
    if (rowOf(target) && target === fieldsOf(rowOf(target)).amount) mark(target, reason(target.value));
  });

  const reason = (text) => {
    if (!text.trim()) return "";
    try {
      money.read(text);
      return "";
    } catch (error) {
      if (error instanceof Refused) return sentences[error.code];
      throw error;
    }
  };

  const mark = (amount, sentence) => {
    if (sentence === (note(amount, "refusal")?.textContent ?? "")) return;
    if (sentence && amount.hasAttribute("aria-invalid") && !amount.dataset.refused) return;
    if (sentence) {
      amount.setAttribute("aria-invalid", "true");
      say(sentence);
    } else amount.removeAttribute("aria-invalid");
    amount.dataset.refused = sentence && amount.value;
    if (sentence) tell(amount, "sum", "");
    tell(amount, "refusal", sentence);
  };
}

const idOf = (cell, kind) => `${cell.name}-${kind}`;
const note = (cell, kind) => document.getElementById(idOf(cell, kind));

// Writes a line below the cell, which describes it; an empty one goes away.
function tell(cell, kind, text) {
  const id = idOf(cell, kind), described = new Set(cell.getAttribute("aria-describedby")?.split(" "));
  const line = note(cell, kind) ?? document.createElement("div");
  line.id = id;
  line.className = kind === "refusal" ? "error" : kind;
  line.textContent = text;
  if (text) cell.parentElement.append(line);
  else line.remove();
  described[text ? "add" : "delete"](id);
  if (described.size) cell.setAttribute("aria-describedby", [...described].join(" "));
  else cell.removeAttribute("aria-describedby");
}
