// A finger drawn across the page turns to the day before or the day after, as the links with rel="prev" and "next" do.

const FAR = 80, STRAIGHT = 0.5; // pixels; how much of it may be up or down

let start = null;

const wanted = (target) => !target.closest("input, select, textarea, dialog, .scroller");

addEventListener("touchstart", ({ touches, target }) => {
  start = touches.length === 1 && wanted(target) ? touches[0] : null;
}, { passive: true });

addEventListener("touchend", ({ changedTouches }) => {
  if (!start) return;
  const across = changedTouches[0].clientX - start.clientX, along = Math.abs(changedTouches[0].clientY - start.clientY);
  start = null;
  if (Math.abs(across) < FAR || along > Math.abs(across) * STRAIGHT) return;
  document.querySelector(`a[rel=${across > 0 ? "prev" : "next"}]`)?.click();
}, { passive: true });
