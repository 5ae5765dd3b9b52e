// Saves without leaving the page before the server has said that it saved: a lost connection loses nothing.
//
// Where the server leads back to the day, it is saved. Where it does not answer, or is out of order, the page stays and
// says so. Whatever else it has to say (errors, conflicts, signing in) it says to the form sent the plain way: nothing
// of it was written, and the form's key keeps it from being written twice.
// Markup contract: a [data-unsent] box in the form.

export function saveInPlace({ form, leaving, words }, draft) {
  const box = form.querySelector("[data-unsent]");
  let saving = false;

  const tell = (sentence) => {
    box.textContent = sentence;
    box.hidden = !sentence;
    form.classList.toggle("saving", saving);
  };

  const plainly = () => {
    leaving.watch(false);
    HTMLFormElement.prototype.submit.call(form);
  };

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "more") return leaving.watch(false);
    event.preventDefault();
    if (saving) return;
    saving = true;
    tell("");
    draft.sending();
    const answer = await send(form);
    saving = false;
    if (!answer || answer.status >= 500) return tell(answer ? words.sayFailed : words.sayOffline);
    const led = answer.headers.get("HX-Redirect"), url = led && new URL(led, location);
    if (url?.pathname !== location.pathname) return plainly();
    draft.drop();
    leaving.watch(false);
    saving = true;
    location.replace(url);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) saving = false;
  });
}

async function send(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    return await fetch(location.href, { method: "POST", body, headers: { "HX-Request": "true" } });
  } catch {
    return null;
  }
}
