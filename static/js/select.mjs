// Selecting expenses of the list to change them together: what is selected, what it comes to, and the keys for it.
//
// Markup contract: <form data-bulk data-locale data-digits> as picking.mjs wants it, whose boxes say in [data-amount]
// what the expense was, with three decimals; [data-sum], [data-said] and [data-clear] in it. It is made anew with every
// answer to a filter.

import { reader } from "./money.mjs";
import { pick } from "./picking.mjs";

let again = () => {};
const STEPS = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1 };

function begin() {
  const form = document.querySelector("[data-bulk]:not([data-begun])");
  if (!form) return;
  form.dataset.begun = "";
  const { locale, digits } = form.dataset;
  const money = reader({ decimal: ".", group: ",", digits: Number(digits), locale });
  const boxes = [...form.querySelectorAll("[data-pick]")];
  const [sum, said, bar] = ["[data-sum]", "[data-said]", "[data-many]"].map((part) => form.querySelector(part));

  const show = () => {
    const picked = boxes.filter((box) => box.checked);
    const total = picked.reduce((all, box) => all + BigInt(box.dataset.amount.replace(".", "")), 0n);
    sum.textContent = money.write(total);
    const told = [...bar.querySelectorAll("p")].filter((part) => part.checkVisibility());
    said.textContent = told.map((part) => part.textContent.replace(/\s+/g, " ").trim()).join("");
  };

  const showPicked = pick(form);
  form.addEventListener("change", show);
  again = () => { showPicked(); show(); };
  again();

  const set = (chosen) => {
    const [all, everything] = [form.querySelector("[data-all]"), form.querySelector("[data-everything]")];
    if (everything) everything.checked = false;
    all.checked = chosen;
    all.dispatchEvent(new Event("change", { bubbles: true }));
  };

  form.querySelector("[data-clear]").addEventListener("click", () => {
    set(false);
    boxes[0].focus();
  });

  form.addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (!target.closest("table") || altKey) return;
    if ((ctrlKey || metaKey) && key === "a") set(true);
    else if (ctrlKey || metaKey || !STEPS[key] || !target.matches("[data-pick]")) return;
    else boxes[boxes.indexOf(target) + STEPS[key]]?.focus();
    event.preventDefault();
  });
}

begin();
document.addEventListener("htmx:afterSwap", begin);
// Who comes back finds the boxes as they were left, and nothing has said so.
addEventListener("pageshow", () => again());
