// Files dropped anywhere on the page land in the form, whose field says which ones were chosen.
//
// Markup contract: one <form data-drop> with an <input type=file> and a [data-chosen] list in it.

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");

  const show = () => {
    chosen.hidden = !input.files.length;
    chosen.replaceChildren(...[...input.files].map(({ name }) => {
      const item = document.createElement("li");
      item.textContent = name;
      return item;
    }));
  };

  const hasFiles = ({ dataTransfer }) => [...dataTransfer.types].includes("Files");
  const mark = (event, over) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.toggle("over", over);
  };

  document.addEventListener("dragover", (event) => mark(event, true));
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(event, false));
  document.addEventListener("drop", (event) => {
    mark(event, false);
    if (!hasFiles(event) || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
    form.requestSubmit();
  });
  input.addEventListener("change", () => {
    show();
    form.querySelector("button.primary").focus();
  });
  show();
}
