// A category by typing: letters find it by the beginning of any word of its name or of its other names.
//
// The cell stays the <select> that it is; an option may have its other names in data-aliases, separated by commas.
// What fits best is chosen while typing, arrows choose among what fits, Escape brings back what was chosen before.

import { rowOf } from "../rows.mjs";
import { fit, fold, say as filled } from "./words.mjs";

export function chooseByTyping({ form, say, words }, list) {
  let typed = "", before = "";

  const find = (select, text) => {
    if (!typed) before = select.value;
    typed = text;
    if (!typed) return stop(select, before);
    const found = matches(select, typed);
    if (!found.length) {
      choose(select, before);
      list.open(select, [{ text: filled(words.sayNoCategory, { typed }), disabled: true }], -1, () => {});
      return say(filled(words.sayNoCategory, { typed }));
    }
    choose(select, found[0].value);
    list.open(select, found.map((option) => ({ text: option.text })), 0, (index) => choose(select, found[index].value));
    say(found[0].text);
  };

  // Ends the search; what is chosen now, or the value given, is the choice.
  const stop = (select, value = select.value) => {
    typed = "";
    list.close();
    choose(select, value);
    if (value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
  };

  form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.matches("select") || !rowOf(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typed ? key.length === 1 : /^[\p{L}\p{N}]$/u.test(key)) find(target, typed + key);
    else if (typed && key === "Backspace") find(target, typed.slice(0, -1));
    else if (typed && key === "Escape") stop(target, before);
    else if (typed && (key === "ArrowDown" || key === "ArrowUp")) list.step(key === "ArrowDown" ? 1 : -1);
    else {
      if (typed && (key === "Enter" || key === "Tab")) stop(target);
      return; // the rest is for others
    }
    event.preventDefault();
  });
  form.addEventListener("focusout", ({ target }) => typed && stop(target));
}

function choose(select, value) {
  if (select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

// The options that fit, the best first, and of equals in the order of the list.
function matches(select, typed) {
  const text = fold(typed);
  return [...select.options]
    .filter(({ value }) => value)
    .map((option) => ({ option, rank: rank(option, text) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .map(({ option }) => option);
}

function rank(option, text) {
  const fits = [fit(fold(option.text), text)];
  for (const alias of option.dataset.aliases?.split(",") ?? []) {
    const found = fit(fold(alias), text);
    if (found >= 0) fits.push(2 + found);
  }
  return Math.min(...fits.map((each) => (each < 0 ? Infinity : each)));
}
