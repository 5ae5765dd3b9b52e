// Asks before a page is left with something on it that is not saved; `watch(false)` before what is no leaving.

export function guard() {
  const ask = (event) => {
    event.preventDefault();
    // Who stays should not see a date in the picker that was not opened.
    setTimeout(() => document.querySelectorAll("[data-submit-on-change]").forEach((picker) => picker.reset()));
  };
  // Listening only while it is needed, because a listener may keep the page out of the browser's back cache.
  const watch = (unsaved) => (unsaved ? addEventListener : removeEventListener)("beforeunload", ask);
  return { watch };
}
