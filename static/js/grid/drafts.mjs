// What is not saved yet is kept in this browser until the server has it, whatever becomes of the tab or the connection.
//
// A draft is the fields of the rows that are unsaved, under their own indexes, with the key of the form: sent again, even
// after an answer that was lost, they are known by it and nothing is written twice. It is offered when the day is opened
// again, and then the server shows it as it stood, among the day's other rows as they are by then.
// Markup contract: data-user, data-ledger and data-day of the form; a [data-draft] box in it, hidden, with a [data-about]
// text, a [data-restore] and a [data-discard] button.

import { isUnsaved } from "../rows.mjs";
import { say as filled } from "./words.mjs";

const DELAY = 300; // milliseconds after the last key

export function keepDrafts({ form, rows, words, leaving, followers }) {
  const { user, ledger, day, locale } = form.dataset, place = `draft:${user}:${ledger}:${day}:`;
  const own = place + form.elements.submission.value;
  let timer = null, sent = read(own)?.sent ?? false;

  const keep = () => {
    clearTimeout(timer);
    timer = null;
    const unsaved = rows.all().filter(isUnsaved);
    if (unsaved.length) write(own, { at: Date.now(), sent, rows: unsaved.length, fields: fieldsOf(form, unsaved) });
    else forget(own);
  };
  followers.push(() => {
    clearTimeout(timer);
    timer = setTimeout(keep, DELAY);
  });
  addEventListener("pagehide", () => timer && keep());

  const box = form.querySelector("[data-draft]");
  const offer = () => {
    const [kept] = all(place).filter(({ key }) => key !== own);
    box.hidden = !kept;
    if (!kept) return;
    const when = new Date(kept.at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
    box.querySelector("[data-about]").textContent = filled(kept.sent ? words.sayDraftSent : words.sayDraft, { when, n: kept.rows });
    box.querySelector("[data-restore]").onclick = () => {
      leaving.watch(false);
      restore(form, kept.fields);
    };
    box.querySelector("[data-discard]").onclick = () => {
      forget(kept.key);
      offer();
      if (box.hidden) form.querySelector("tbody input[type=text]").focus();
    };
  };
  offer();

  return {
    sending() {
      sent = true;
      keep();
    },
    // The server has it.
    drop() {
      clearTimeout(timer);
      timer = null;
      forget(own);
    },
  };
}

const OF_FORM = /^submission$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;

function fieldsOf(form, rows) {
  const ours = new Set(rows);
  return [...new FormData(form)].filter(([name]) => {
    const field = form.elements[name];
    return OF_FORM.test(name) || ours.has(field?.closest?.("[data-row]"));
  });
}

// Asks the server to show these rows: nothing is written by it.
function restore(form, fields) {
  const asking = document.createElement("form");
  asking.method = "post";
  const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value];
  for (const [name, value] of [token, ["restore", "1"], ...fields]) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    asking.append(input);
  }
  document.body.append(asking);
  asking.submit();
}

// Storage that is full or forbidden is no storage, and nothing else.
function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The page still asks before it is left.
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

// The drafts of a place, the latest first.
function all(place) {
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(place));
  } catch {
    return [];
  }
  const drafts = keys.map((key) => ({ key, ...read(key) })).filter(({ fields }) => Array.isArray(fields));
  return drafts.sort((one, other) => other.at - one.at);
}
