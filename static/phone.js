// phone.js: what only a participant's phone does, on top of live.js.
//
// Questions and supports go through an outbox that outlives a reload: each has a key made once, so sending it twice
// counts once. The list never moves under a finger: counts change in place, new slips wait behind a button, and the
// order changes on a tap or while the reader is at the top and not touching. One hidden line says what matters.
(() => {
  'use strict';
  const { hooks, kept, newKey, replace, forget, left, poll } = window.jaring;
  const body = document.body;
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const code = location.pathname.split('/')[2];
  const texts = at('texts')?.dataset ?? {};
  const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, value), text);

  // ---- what is said aloud: one polite line, one sentence at a time, never a count of supports ---------------------
  const heard = at('heard');
  const sentences = [];
  let speaking = 0;
  function announce(text) {
    if (!heard || !text || sentences.includes(text)) return;
    sentences.push(text);
    if (!speaking) speak();
  }
  function speak() {
    const next = sentences.shift();
    speaking = next === undefined ? 0 : setTimeout(speak, 1500);
    if (next !== undefined) heard.textContent = next;
  }

  function say(text, isBad = false) {
    const said = at('said');
    if (!said) return;
    if (isBad) said.dataset.bad = 'true'; else delete said.dataset.bad;
    said.textContent = text;
    announce(text);
  }

  // ---- what is mine: fetched apart, so that everybody's page is the same ------------------------------------------
  let supported = new Set(), own = new Map(), asking = false, askAgain = false;
  const number = (pair) => pair.split(':');
  async function mine() {
    if (!body.dataset.mine) return;
    if (asking) { askAgain = true; return; }
    asking = true;
    try {
      const answer = await fetch(body.dataset.mine, { headers: { 'HX-Request': 'true' } });
      if (answer.ok) await belongings(await answer.text());
    } catch { /* the connection line says it; it is asked again when the socket is back */ }
    asking = false;
    if (askAgain) { askAgain = false; mine(); }
  }

  async function belongings(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    const restore = keepInView();
    for (const element of [...template.content.children]) {
      const present = at(element.id);
      if (present) await replace(present, element);
    }
    restore();
    const found = at('mine').dataset;
    supported = new Set(found.supported.split(',').filter(Boolean));
    unsent().filter((item) => item.number).forEach((item) => { supported[item.on ? 'add' : 'delete'](String(item.number)); });
    tellChanges(new Map(found.own.split(',').filter(Boolean).map(number)));
    marks();
    showReceipts();
  }

  // After its cookie is gone the phone still knows the receipts of what was asked from it.
  function showReceipts() {
    const place = at('receipts');
    if (!place) return;
    const others = list(RECEIPTS).filter((known) => !own.has(String(known.number)));
    place.hidden = !others.length;
    place.querySelector('ul').replaceChildren(...others.map(({ number: of, receipt }) => {
      const line = document.createElement('li');
      const link = line.appendChild(document.createElement('a'));
      link.href = `/r/${receipt}`;
      link.textContent = `${texts.no} ${of}: ${receipt.slice(0, 4)} ${receipt.slice(4)}`;
      return line;
    }));
  }

  function tellChanges(now) {
    for (const [of, status] of now) {
      if (own.has(of) && own.get(of) !== status) announce(fill(texts.changed, { n: of, status: texts[`s_${status}`] ?? '' }));
    }
    own = now;
  }

  function marks() {
    document.querySelectorAll('form[data-support]').forEach((form) => {
      const button = form.querySelector('button');
      if (!button) return;
      const of = form.dataset.support;
      const isOn = supported.has(of);
      const isOwn = own.has(of);
      button.hidden = isOwn;
      const kindly = form.querySelector('.own');
      if (kindly) kindly.hidden = !isOwn;
      button.setAttribute('aria-pressed', String(isOn));
      button.value = isOn ? '0' : '1';
      button.dataset.icon = isOn ? 'answered' : 'up';
      const word = button.querySelector('.word');
      word.textContent = isOn ? word.dataset.on : word.dataset.off;
    });
  }

  // ---- the outbox ---------------------------------------------------------------------------------------------------
  const OUTBOX = `outbox ${code}`, RECEIPTS = `receipts ${code}`;
  const AGAIN = 4000, SLOWEST = 30000;
  let tries = 0, isSending = false, later = 0;
  function list(name) { try { return JSON.parse(kept.get(name)) ?? []; } catch { return []; } }
  const unsent = () => list(OUTBOX);
  function put(item) {
    const rest = unsent().filter((other) => (item.number ? other.number !== item.number : other.key !== item.key));
    kept.set(OUTBOX, JSON.stringify([...rest, item]));
    show();
  }
  function drop(item) {
    kept.set(OUTBOX, JSON.stringify(unsent().filter((other) => other.key !== item.key)));
    show();
  }

  async function flush() {
    clearTimeout(later);
    if (isSending) return;
    isSending = true;
    show();
    let wait = 0;
    try {
      for (let item = next(); item && !wait; item = next()) wait = await send(item);
    } catch { wait = Math.min(SLOWEST, AGAIN * 2 ** tries++) * (0.5 + Math.random() / 2); }
    isSending = false;
    show();
    if (wait) later = setTimeout(flush, wait); else tries = 0;
  }
  const next = () => unsent().find((item) => !item.refused);

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
    const receipts = list(RECEIPTS).filter((known) => known.number !== told.number);
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
  function show() {
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
    if (!item) return show();
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
    if (event.key === OUTBOX) show();
    if (event.key === RECEIPTS || event.key === `told ${code}`) mine();
  });

  // ---- asking ---------------------------------------------------------------------------------------------------------
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('#ask form');
    if (!form) return;
    event.preventDefault();
    if (!form.elements.text.value.trim()) return form.elements.text.focus();
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const key = newKey();
    put({ key, action: form.action, fields: { ...fields, key } });
    forget(form);
    form.reset();
    hint(form.elements.text);
    left(form.elements.text);
    if (root.dataset.live === 'offline') say(texts.later);
    flush();
  }, true);

  // A run of digits that may be a NIK, a KK or a telephone number; the server masks it in any case.
  const PERSONAL = /(?:\d[\s.\-]?){16}|(?:\+?62|0)[\s.\-]?8(?:[\s.\-]?\d){7,11}|\S+@\S+\.\S+/;
  let typed = 0, alike = '';
  function hint(field) {
    const warning = at('pii');
    if (warning) {
      const isPersonal = PERSONAL.test(field.value.normalize('NFKC'));
      if (warning.hidden && isPersonal) announce(warning.textContent);
      warning.hidden = !isPersonal;
    }
    clearTimeout(typed);
    typed = setTimeout(() => similar(field.value.trim()), 700);
  }
  async function similar(words) {
    const place = at('similar');
    if (!place || words === alike) return;
    alike = words;
    if (words.length < 12 || declined === words.slice(0, 12)) { place.hidden = true; return; }
    try {
      const answer = await fetch(`/f/${code}/similar?lang=${root.lang}`, { method: 'POST', body: new URLSearchParams({ text: words }), headers: { 'HX-Request': 'true' } });
      if (!answer.ok || at('text').value.trim() !== words) return;
      const template = document.createElement('template');
      template.innerHTML = await answer.text();
      const found = template.content.firstElementChild;
      found.removeAttribute('aria-live');            // one line speaks for the whole page
      const many = found.querySelectorAll('form').length;
      if (many) found.append(different());
      await replace(place, found);
      marks();
      if (many) announce(fill(texts.similar, { n: many }));
    } catch { /* a suggestion only */ }
  }
  let declined = '';
  function different() {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.dataset.do = 'different';
    button.textContent = texts.different;
    return button;
  }
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-do=different]')) return;
    declined = at('text').value.trim().slice(0, 12);
    at('similar').hidden = true;
    at('text').focus();
  });
  document.addEventListener('input', (event) => { if (event.target.id === 'text' && event.target.closest('#ask')) hint(event.target); });

  // ---- supporting: shown at once, taken back honestly ----------------------------------------------------------------
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

  // ---- the list ----------------------------------------------------------------------------------------------------------
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
  const shown = () => [...slips.children].filter((card) => !card.hidden);
  const wanted = () => (ORDERS[body.dataset.sort] ?? ORDERS.fair)(shown());

  // How many slips would move: all that are not in the longest run that is in order already.
  function moved(order) {
    const present = new Map(shown().map((card, place) => [card, place]));
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

  // ---- frames and the socket -----------------------------------------------------------------------------------------
  let phase = at('banner')?.dataset.phase, staged = onStage();
  function onStage() { return document.querySelector('#stage .ticket')?.id; }
  let restore = () => {};
  hooks.settled = async () => { await untouched(); restore = keepInView(); };
  hooks.applied = (elements) => {
    hush();
    marks();
    tidy();
    restore();
    if (elements.some((element) => element.id === 'ask')) window.jaring.remember();
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
    if (form.action.endsWith('/erase')) { kept.remove(OUTBOX); kept.remove(RECEIPTS); show(); }
    mine();
  };
  let wasOnline = false;
  hooks.state = (state) => {
    const isOnline = state === 'online' || state === 'polling';
    if (isOnline) { flush(); mine(); if (wasOnline) announce(at('net')?.dataset.online); }
    else if (state !== 'paused' && wasOnline) announce(state === 'offline' ? at('net')?.dataset.offline : at('net')?.dataset.reconnecting);
    wasOnline = wasOnline || isOnline;
    show();
  };
  addEventListener('online', flush);

  // ---- small things ------------------------------------------------------------------------------------------------------
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
  show();
  mine();
  flush();
})();
