// The page as a whole: what follows a frame, the socket and an answer, and how it begins.
let phase = at('banner')?.dataset.phase, staged = onStage();
function onStage() { return document.querySelector('#stage .ticket')?.id; }
let restore = () => {};
hooks.settled = async () => { await untouched(); restore = keepInView(); };
hooks.applied = (elements) => {
  hush();
  marks();
  tidy();
  restore();
  if (elements.some((element) => element.id === 'ask')) remember();
  if (staged !== onStage()) {
    staged = onStage();
    const ticket = staged && at(staged);
    if (ticket) announce(`${ticket.querySelector('h2').textContent.trim()}: ${ticket.querySelector('.no').textContent.trim()}. ${ticket.querySelector('p:not(.no)').textContent.trim()}`);
  }
  const notice = elements.find((element) => element.id === 'notice');
  if (notice && !notice.hidden) announce(notice.textContent);
  if (phase !== at('banner')?.dataset.phase) {
    phase = at('banner')?.dataset.phase;
    announce(at('banner').textContent);
    mine();
  }
};
hooks.nudged = mine;
hooks.sent = (form) => {
  if (form.action.endsWith('/erase')) { kept.remove(OUTBOX); kept.remove(RECEIPTS); showOutbox(); }
  mine();
};
// The socket is there in a moment, and what it says is asked for once; a page that stays without one asks by itself.
const unconnected = setTimeout(mine, 1500);
let wasOnline = false;
hooks.state = (state) => {
  const isOnline = state === 'online' || state === 'polling';
  if (isOnline) { clearTimeout(unconnected); flush(); mine(); if (wasOnline) announce(at('net')?.dataset.online); }
  else if (state !== 'paused' && wasOnline) announce(state === 'offline' ? at('net')?.dataset.offline : at('net')?.dataset.reconnecting);
  wasOnline = wasOnline || isOnline;
  showOutbox();
};
addEventListener('online', flush);

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-share]');
  if (!button) return;
  const url = button.dataset.share || location.href.split('?')[0];
  if (navigator.share) return void navigator.share({ title: document.title, text: texts.share, url }).catch(() => {});
  try { await navigator.clipboard.writeText(url); say(texts.copied); } catch { say(url); }   // plain http: shown, to be copied by hand
});
// One line speaks for the whole page; the others only show.
function hush() { if (heard) for (const id of ['said', 'net', 'notice', 'similar']) for (const name of ['role', 'aria-live']) at(id)?.removeAttribute(name); }
document.addEventListener('htmx:after:swap', () => { hush(); if (at('said')?.textContent.trim() !== heard?.textContent) announce(at('said')?.textContent.trim()); });

hush();
document.querySelectorAll('[data-share]').forEach((button) => { button.hidden = false; });
document.querySelectorAll('#ask textarea').forEach(hint);
showOutbox();
flush();
