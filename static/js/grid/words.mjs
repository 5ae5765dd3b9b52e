// How words that people type are compared with those that are known.

// Without case and accents: “é” is found by “e”.
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// How well what was typed fits a name: 0 from its beginning, 1 from the beginning of a later word, -1 not at all.
export function fit(name, typed) {
  if (name.startsWith(typed)) return 0;
  for (const { index } of name.matchAll(/(?<=[^\p{L}\p{N}])[\p{L}\p{N}]/gu)) {
    if (name.startsWith(typed, index)) return 1;
  }
  return -1;
}

// As the strip of the week has it, else as it is written for machines: no date is ever made into a moment here.
export function dayInWords(date) {
  return document.querySelector(`[data-day-name][data-day="${date}"]`)?.dataset.dayName ?? date;
}

// A sentence with its {names} filled in.
export const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
