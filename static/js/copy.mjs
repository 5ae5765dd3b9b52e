// Copies the text of a field. Where the browser has no clipboard for us, the text is selected for the person's own.

const copy = async ({ currentTarget: button }) => {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    const status = button.parentElement.querySelector("[data-copied]");
    status.textContent = status.dataset.copied;
  } catch {
    field.focus();
  }
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
