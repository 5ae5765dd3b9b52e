// Selecting lines: one by one, a range with Shift, all that are shown, or all that there are. Gives a function that
// shows what is selected, for when that changed otherwise.

export function pick(form) {
  const boxes = () => [...form.querySelectorAll("[data-pick]")];
  const all = form.querySelector("[data-all]"), everything = form.querySelector("[data-everything]");
  const count = form.querySelector("[data-count]");
  const acts = form.querySelectorAll("[data-many] :is(select, button)");
  if (!boxes().length || !count) return () => {};
  let last = null, shift = false;

  const show = () => {
    const picked = boxes().filter((box) => box.checked).length;
    all.checked = picked === boxes().length;
    all.indeterminate = picked > 0 && !all.checked;
    count.textContent = everything?.checked ? "" : picked || "";
    for (const control of acts) control.disabled = !picked && !everything?.checked;
  };

  const choose = (box) => {
    const [from, to] = [last ?? box, box].map((each) => boxes().indexOf(each)).sort((a, b) => a - b);
    if (shift) for (const each of boxes().slice(Math.max(from, 0), to + 1)) each.checked = box.checked;
    last = box;
  };

  // A click comes before the change it makes, also one that the space bar made.
  form.addEventListener("click", ({ shiftKey }) => { shift = shiftKey; }, true);
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-pick]")) choose(target);
    else if (target === all) for (const box of boxes()) box.checked = all.checked;
    else if (target !== everything) return;
    show();
  });
  show();
  return show;
}
