// All keys of the grid in a dialog: by its button, or by “?” wherever that is no text.
//
// Markup contract: a <dialog data-keys>, whose own form closes it, and a [data-keys-open] button.

export function explainKeys(form) {
  const dialog = document.querySelector("dialog[data-keys]");
  form.querySelector("[data-keys-open]").addEventListener("click", () => dialog.showModal());

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key !== "?" || dialog.open || event.ctrlKey || event.metaKey || event.altKey || isText(target)) return;
    event.preventDefault();
    dialog.showModal();
  });
}

// No question mark belongs into an amount, and none begins a category.
function isText(target) {
  return target.matches("textarea, [contenteditable], input:not([inputmode=decimal], [type=checkbox], [type=date])");
}
