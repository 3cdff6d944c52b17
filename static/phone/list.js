// The list never moves under a finger: counts change in place, new slips wait behind a button, and the order changes on
// a tap or while the reader is at the top and not touching.
const slips = at('list'), fresh = at('fresh'), resort = at('resort');
const isHeld = () => isTouching || slips?.matches(':focus-within') || !getSelection().isCollapsed;
const of = (card) => Number(card.id.slice(2));
const supports = (card) => Number(card.dataset.supports);
let isTouching = false, released = () => {};
const touch = (value) => () => { isTouching = value; if (!value) { released(); tidy(); } };
addEventListener('pointerdown', touch(true), true);
for (const name of ['pointerup', 'pointercancel', 'blur']) addEventListener(name, touch(false), true);

// A frame waits for the finger to leave the glass, but not for ever.
const untouched = () => (isTouching ? Promise.race([new Promise((go) => { released = go; }), new Promise((go) => setTimeout(go, 1500))]) : null);

const ORDERS = {
  top: (cards) => cards.sort((a, b) => supports(b) - supports(a) || of(a) - of(b)),
  new: (cards) => cards.sort((a, b) => of(b) - of(a)),
  // Two of the most supported, then the newest: what nobody has seen yet gets its turn. As layout.fair does it.
  fair(cards) {
    const most = ORDERS.top([...cards]), latest = ORDERS.new([...cards]), order = new Set();
    const take = (from) => { const found = from.find((card) => !order.has(card)); if (found) order.add(found); };
    while (order.size < cards.length) { take(most); take(most); take(latest); }
    return [...order];
  },
};
const visible = () => [...slips.children].filter((card) => !card.hidden);
const wanted = () => (ORDERS[body.dataset.sort] ?? ORDERS.fair)(visible());

// How many slips would move: all that are not in the longest run that is in order already.
function moved(order) {
  const present = new Map(visible().map((card, place) => [card, place]));
  const tails = [];
  for (const card of order) {
    const place = present.get(card);
    let low = tails.findIndex((tail) => tail > place);
    if (low < 0) low = tails.length;
    tails[low] = place;
  }
  return order.length - tails.length;
}
function tidy() {
  if (!slips || !resort) return;
  const changed = moved(wanted());
  if (changed && scrollY < 8 && !isHeld()) return reorder();
  resort.hidden = !changed;
  resort.textContent = fill(texts.resort, { n: changed });
}
function reorder() {
  const focused = document.activeElement;
  for (const card of wanted()) slips.append(card);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  resort.hidden = true;
}
resort?.addEventListener('click', () => { reorder(); slips.scrollIntoView({ block: 'start' }); slips.focus({ preventScroll: true }); });
addEventListener('scroll', () => { if (scrollY < 8) tidy(); }, { passive: true });

// New slips wait behind a button.
hooks.insert = (card, list) => {
  if (list !== slips || !fresh) return false;
  card.hidden = slips.children.length > 0;
  card.classList.add('fresh');
  list.append(card);
  htmx.process(card);
  if (card.hidden) { card.dataset.waits = ''; waiting(); }
  return true;
};
const isWaiting = () => [...slips.children].filter((card) => card.hidden);
function waiting() {
  const many = isWaiting().length;
  fresh.hidden = !many;
  if (!many) return;
  const word = (from) => (many === 1 ? from.dataset.one : fill(from.dataset.many, { n: many }));
  fresh.textContent = word(fresh);
  announce(word(heard));
}
function come(card) { card.hidden = false; delete card.dataset.waits; }
function reveal(event) {
  event.preventDefault();
  const cards = isWaiting();
  cards.forEach(come);
  fresh.hidden = true;
  if (body.dataset.sort === 'new') reorder(); else slips.prepend(...cards.sort((a, b) => of(b) - of(a)));
  tidy();
  slips.scrollIntoView({ block: 'start' });
  slips.focus({ preventScroll: true });
}
fresh?.addEventListener('click', reveal);

// Tabs without a new page; the address keeps the choice for a reload.
document.querySelector('.tabs')?.addEventListener('click', (event) => {
  const tab = event.target.closest('a[data-sort]');
  if (!tab || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  turn(tab.dataset.sort);
  history.replaceState(null, '', tab.getAttribute('href'));
});
function turn(sort) {
  body.dataset.sort = sort;
  document.querySelectorAll('.tabs a').forEach((tab) => { tab.dataset.sort === sort ? tab.setAttribute('aria-current', 'true') : tab.removeAttribute('aria-current'); });
  document.querySelectorAll('[data-tab]').forEach((part) => { part.hidden = (part.dataset.tab === 'answered') !== (sort === 'answered'); });
  isWaiting().forEach(come);
  fresh.hidden = true;
  if (sort !== 'answered') reorder();
}

// Whatever changes above the reader must not push the words away: the first slip in view stays where it is.
function keepInView() {
  const card = scrollY > 8 && [...document.querySelectorAll('#list > .ticket, #answered > .ticket')]
    .find((one) => one.getBoundingClientRect().height && one.getBoundingClientRect().top >= 0);
  const top = card && card.getBoundingClientRect().top;
  return () => {
    if (card && card.isConnected && top < innerHeight) scrollBy({ top: card.getBoundingClientRect().top - top, behavior: 'instant' });
  };
}
