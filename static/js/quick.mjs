// Quick add. The line in the header: what it says is shown beneath while one types. Enter goes on to Save, Enter again saves.

const PAUSE = 250; // milliseconds without a key, before the server is asked
const SEPARATE = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const place = document.querySelector("[data-quick]");
if (place) use(place, place.querySelector("form"), place.querySelector("[data-quick-panel]"));

// On the page itself, where Enter begins another line.
document.querySelector(".quick-page textarea")?.addEventListener("keydown", ({ key, ctrlKey, metaKey, target }) => {
  if (key === "Enter" && (ctrlKey || metaKey)) target.form.requestSubmit(target.form.elements.read);
});

function use(place, form, panel) {
  const field = form.elements.text;
  let timer, asking, shown;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    panel.hidden = true;
  }

  // Whether the panel shows what stands in the field. Only the last question counts.
  async function show() {
    clearTimeout(timer);
    asking?.abort();
    const text = field.value.trim(), { signal } = (asking = new AbortController());
    if (!text) return close();
    const query = new URLSearchParams(new FormData(form));
    const answer = await fetch(`${form.action}?${query}`, { signal, headers: { "HX-Request": "true" } });
    const isPanel = [200, 422].includes(answer.status) && !answer.headers.has("HX-Redirect");
    if (!isPanel) throw new Error(answer.status);
    panel.innerHTML = await answer.text();
    panel.hidden = panel.inert = false;
    shown = text;
  }

  field.addEventListener("input", () => {
    panel.inert = true; // what it shows is not what stands here any more
    clearTimeout(timer);
    timer = setTimeout(() => show().catch(() => {}), PAUSE);
  });

  form.addEventListener("submit", async (event) => {
    if (!field.value.trim()) return;
    event.preventDefault();
    try {
      if (panel.hidden || panel.inert || shown !== field.value.trim()) await show();
      panel.querySelector("select, [name=save]")?.focus();
    } catch (error) {
      if (error.name !== "AbortError") form.submit(); // the page says what is wrong, and keeps what was typed
    }
  });

  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (panel.hidden) field.blur();
    else field.focus();
    close();
  });

  document.addEventListener("click", ({ target }) => place.contains(target) || close());

  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key !== "/" || ctrlKey || metaKey || altKey || target.closest?.(SEPARATE)) return;
    event.preventDefault();
    if (field.checkVisibility()) field.select();
    else place.querySelector("a").click();
  });
}
