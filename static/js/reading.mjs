// Reads the files that wait, one request each, and shows how far it is.

import { tellFailure } from "./failure.mjs";

export async function readAll() {
  for (let form; (form = document.querySelector("form[data-read]"));) {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      const next = answer.headers.get("HX-Redirect");
      if (next) return location.replace(next);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      form.replaceWith(document.adoptNode(page.getElementById("reading")));
    } catch {
      const button = form.querySelector("button");
      button.removeAttribute("data-needless-with-script");
      button.hidden = false;
      return tellFailure();
    }
  }
}
