// The outbox: what is not sent yet outlives a reload. Each item has a key made once, so sending it twice counts once.
const OUTBOX = `outbox ${code}`, RECEIPTS = `receipts ${code}`;
const AGAIN = 4000, SLOWEST = 30000;
let tries = 0, isSending = false, later = 0;
function stored(name) { try { return JSON.parse(kept.get(name)) ?? []; } catch { return []; } }
const unsent = () => stored(OUTBOX);
function put(item) {
  const rest = unsent().filter((other) => (item.number ? other.number !== item.number : other.key !== item.key));
  kept.set(OUTBOX, JSON.stringify([...rest, item]));
  showOutbox();
}
function drop(item) {
  kept.set(OUTBOX, JSON.stringify(unsent().filter((other) => other.key !== item.key)));
  showOutbox();
}

async function flush() {
  clearTimeout(later);
  if (isSending) return;
  isSending = true;
  showOutbox();
  let wait = 0;
  try {
    for (let item = nextItem(); item && !wait; item = nextItem()) wait = await send(item);
  } catch { wait = Math.min(SLOWEST, AGAIN * 2 ** tries++) * (0.5 + Math.random() / 2); }
  isSending = false;
  showOutbox();
  if (!unsent().length && at('said')?.textContent === texts.later) say('');
  if (wait) later = setTimeout(flush, wait); else tries = 0;
}
const nextItem = () => unsent().find((item) => !item.refused);

// One post; returns the milliseconds to wait before the next one. A lost answer throws, and the item stays.
async function send(item) {
  const answer = await fetch(item.action, {
    method: 'POST', body: new URLSearchParams(item.fields), headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(20000),
  });
  if (answer.status >= 500) throw new Error(String(answer.status));
  const told = await answer.json();
  // Asked once: what waits here is sent when the number or the code was typed.
  if (told.needs && await window.jaring.comeIn?.()) return 0;
  if (answer.status === 429) {
    say(told.message, true);
    return 1000 * Number(answer.headers.get('Retry-After') || 5);
  }
  item.number ? settleSupport(item, answer.ok, told) : settleQuestion(item, answer.ok, told);
  return 0;
}

function settleQuestion(item, isGood, told) {
  if (!isGood) {
    put({ ...item, refused: told.message });
    announce(told.message);
    return;
  }
  drop(item);
  const receipts = stored(RECEIPTS).filter((known) => known.number !== told.number);
  kept.set(RECEIPTS, JSON.stringify([...receipts, { number: told.number, receipt: told.receipt }]));
  sent(told);
  mine();
}

function sent(told) {
  const place = at('sent');
  if (!place) return;
  const link = `${location.origin}/r/${told.receipt}`;
  place.querySelector('.words').textContent = fill(told.status === 'shown' ? texts.shown : texts.sent, { n: told.number });
  const shown = place.querySelector('a');
  shown.textContent = `${told.receipt.slice(0, 4)} ${told.receipt.slice(4)}`;
  shown.href = link;
  place.querySelector('.link').textContent = link;
  place.querySelector('button').dataset.share = link;
  place.hidden = false;
  announce(place.querySelector('.words').textContent);
}

// What waits, as slips with dashed edges: not in the hall yet.
function showOutbox() {
  const section = at('outbox');
  if (!section) return;
  const items = unsent().filter((item) => !item.number);
  section.hidden = !items.length;
  const before = document.activeElement?.closest?.('[data-key]')?.dataset.key;
  section.querySelectorAll('article').forEach((slip) => slip.remove());
  for (const item of items) section.append(slip(item));
  if (before) section.querySelector(`[data-key="${before}"] button`)?.focus();
}
function slip(item) {
  const made = at('slip').content.firstElementChild.cloneNode(true);
  made.dataset.key = item.key;
  const isWaiting = root.dataset.live !== 'online' && root.dataset.live !== 'polling';
  const status = made.querySelector('.status');
  status.textContent = item.refused ? texts.refused : isWaiting || tries ? texts.later : texts.sending;
  status.dataset.icon = item.refused ? 'warning' : isWaiting || tries ? 'offline' : 'pending';
  made.querySelector('.why').textContent = item.refused ?? '';
  made.querySelector('.text').textContent = item.fields.text;
  made.querySelector('[data-do=again]').hidden = !isWaiting && !item.refused && !tries;
  return made;
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('#outbox [data-do]');
  if (!button) return;
  const item = unsent().find((other) => other.key === button.closest('[data-key]').dataset.key);
  if (!item) return showOutbox();
  if (button.dataset.do === 'again') { put({ ...item, refused: undefined }); tries = 0; flush(); return; }
  drop(item);
  if (button.dataset.do === 'edit') {
    const field = at('text');
    field.value = field.value ? `${item.fields.text}\n${field.value}` : item.fields.text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  } else at('text')?.focus();
});
addEventListener('storage', (event) => {
  if (event.key === OUTBOX) showOutbox();
  if (event.key === RECEIPTS || event.key === `told ${code}`) mine();
});
