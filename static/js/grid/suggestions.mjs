// One list of suggestions for the whole grid, beside the cell that is being written in; the cell keeps the focus.
//
// Markup contract: <ul data-suggestions id role="listbox" popover="manual"> in the form.

export function suggestionsOf(form) {
  const box = form.querySelector("[data-suggestions]");
  let cell = null, chosen = -1, take = null;

  const mark = (index) => {
    chosen = index;
    for (const [each, item] of [...box.children].entries()) item.setAttribute("aria-selected", each === index);
    box.children[index]?.scrollIntoView({ block: "nearest" });
    if (!cell.matches("input")) return;
    if (index < 0) cell.removeAttribute("aria-activedescendant");
    else cell.setAttribute("aria-activedescendant", box.children[index].id);
  };

  const close = () => {
    if (!cell) return;
    if (cell.matches("input")) {
      cell.setAttribute("aria-expanded", "false");
      cell.removeAttribute("aria-activedescendant");
    }
    cell = null;
    box.hidePopover();
  };

  // `entries` are { text, detail }; whatever is chosen by arrow or by mouse is taken at once: take(index, isClicked).
  const open = (forCell, entries, index, taking) => {
    if (cell && cell !== forCell) close();
    cell = forCell;
    take = taking;
    box.replaceChildren(...entries.map((entry, number) => item(entry, `${box.id}-${number}`)));
    if (!box.matches(":popover-open")) box.showPopover();
    if (cell.matches("input")) cell.setAttribute("aria-expanded", "true");
    place(box, cell);
    mark(index);
  };

  // One further or back, past the ends around; where nothing is chosen yet, the first or the last.
  const step = (by) => {
    const { length } = box.children;
    mark(chosen < 0 && by < 0 ? length - 1 : (chosen + by + length) % length);
    take(chosen, false);
  };

  box.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the cell keeps the focus
    const index = [...box.children].indexOf(event.target.closest("[role=option]:not([aria-disabled])"));
    if (index < 0) return;
    take(index, true);
    close();
  });
  form.addEventListener("focusout", close);

  return { open, close, step, isFor: (target) => cell === target };
}

function item({ text, detail, disabled }, id) {
  const line = document.createElement("li");
  line.id = id;
  line.setAttribute("role", "option");
  if (disabled) line.setAttribute("aria-disabled", "true");
  line.append(text);
  if (detail) {
    const more = document.createElement("span");
    more.className = "detail";
    more.textContent = detail;
    line.append(" ", more);
  }
  return line;
}

// Below the cell, or above it where there is more room. In the top layer this is measured from the page's origin.
function place(box, cell) {
  const { left, top, bottom, width } = cell.getBoundingClientRect();
  box.style.minInlineSize = `${width}px`;
  const fitsBelow = bottom + box.offsetHeight <= innerHeight || bottom < innerHeight - top;
  const edge = document.documentElement.clientWidth - box.offsetWidth;
  box.style.left = `${Math.max(0, Math.min(left, edge)) + scrollX}px`;
  box.style.top = `${(fitsBelow ? bottom : top - box.offsetHeight) + scrollY}px`;
}
