// Supporting: shown at once, taken back honestly.
document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-support]');
  if (!form) return;
  event.preventDefault();
  const of = form.dataset.support;
  const on = !supported.has(of);
  mark(of, on, on ? 1 : -1);
  const fields = { on: on ? '1' : '0', count: String(tap()), key: newKey() };
  put({ key: fields.key, number: of, on, action: form.action, fields });
  if (root.dataset.live === 'offline') say(texts.later);
  flush();
}, true);

function mark(of, on, step) {
  on ? supported.add(of) : supported.delete(of);
  const shown = at(`n-${of}`);
  if (shown && step) shown.textContent = String(Math.max(0, Number(shown.textContent) + step));
  marks();
}

function settleSupport(item, isGood, told) {
  const isLatest = unsent().some((other) => other.key === item.key);
  drop(item);
  if (!isLatest) return;                             // tapped again meanwhile: that one tells
  if (isGood) {
    mark(item.number, told.supported, 0);
    const shown = at(`n-${item.number}`);
    if (shown) shown.textContent = told.supports;
    kept.set(`told ${code}`, item.key);              // the other tabs of this phone look again
  } else {
    mark(item.number, !item.on, item.on ? -1 : 1);
    say(told.message, true);
  }
}

// The phone's own counter: a late retry of an older tap cannot undo a newer one.
function tap() {
  const next = Math.max(Number(kept.get('taps') || 0) + 1, Date.now());
  kept.set('taps', String(next));
  return next;
}
