// desk.js: the moderator's desk. Keys, acts that answer at once, cards that wait, and focus that is never lost.
//
// Everything it does posts one of the forms that stand on the page, so what a key may do is what the card offers, and
// the page works without it. live.js keeps the page as the server has it; its events say when cards come and go.
(() => {
  'use strict';
  const body = document.body;
  const base = body.dataset.base;
  const HOLD = 3;                                    // seconds in which showing a flagged text can be stopped
  const byId = (id) => document.getElementById(id);
  const inbox = byId('inbox'), pill = byId('waiting'), undo = byId('undo');
  const LISTS = ['inbox', 'shown', ...[...document.querySelectorAll('[data-queue]')].map((list) => list.id)];

  // ---- cards and focus -------------------------------------------------------------------------------------------
  const cardOf = (element) => element?.closest?.('.ticket[id^="q-"]');
  const current = () => cardOf(document.activeElement);
  const isThere = (card) => card && !card.hidden && card.dataset.going === undefined;
  const cards = (list) => [...list.children].filter(isThere);
  let last = null;                                   // the card (and list) that had the focus

  function choose(card) {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  }
  function neighbour(card, step) {
    let found = card;
    do { found = step > 0 ? found.nextElementSibling : found.previousElementSibling; } while (found && !isThere(found));
    return found;
  }
  function walk(step) {
    const card = current();
    if (!card) return choose(LISTS.map((id) => cards(byId(id))[0]).find(Boolean));
    const next = neighbour(card, step);
    if (next) return choose(next);
    if (step > 0 && card.parentElement === inbox) { reveal(); choose(neighbour(card, step)); }
  }
  // The focus goes on to the next card before this one leaves its list.
  function moveOn(card) {
    const list = card.parentElement;
    if (list === inbox && !neighbour(card, 1)) reveal();
    const next = neighbour(card, 1) || neighbour(card, -1);
    if (next) choose(next); else list.focus();
  }
  document.addEventListener('focusin', () => {
    const card = current();
    if (card && card.dataset.moved === undefined) last = { id: card.id, list: card.parentElement.id, next: neighbour(card, 1)?.id };
  });
  document.addEventListener('live:leave', (event) => {
    if (event.target.contains(document.activeElement)) moveOn(event.target);
  });
  // Somebody else may have moved the card that had the focus: the focus stays in the list where it was.
  function keepFocus() {
    const card = current();
    const isElsewhere = card && last && card.id === last.id && card.parentElement.id !== last.list;
    if (!last || (!isElsewhere && document.activeElement && document.activeElement !== body)) return;
    const list = byId(last.list);
    const found = [last.id, last.next].map((id) => id && byId(id)).find((each) => isThere(each) && each.parentElement === list) || cards(list)[0];
    (found || list).focus({ preventScroll: true });
  }

  // ---- new cards wait while somebody reads -------------------------------------------------------------------------
  let byKeys = false;
  addEventListener('pointerdown', () => { byKeys = false; }, true);
  addEventListener('keydown', () => { byKeys = true; }, true);
  const isAmid = (card) => card && card.parentElement === inbox && cards(inbox)[0] !== card;
  const isBusy = () => inbox.scrollTop > 4 || inbox.querySelector('details[open]') !== null || (byKeys && isAmid(current()));
  const hidden = () => [...inbox.children].filter((card) => card.hidden);
  document.addEventListener('live:enter', (event) => {
    if (event.target.parentElement !== inbox || !isBusy() || !cards(inbox).some((card) => card !== event.target)) return;
    event.target.hidden = true;
    event.target.dataset.waits = '';
    count();
  });
  function count() {
    const n = hidden().length;
    pill.hidden = n === 0;
    const text = pill.dataset.many.replace('{n}', n);
    if (pill.textContent !== text) pill.textContent = text;
  }
  function reveal() {
    hidden().forEach((card) => { card.hidden = false; delete card.dataset.waits; });
    count();
  }
  pill.addEventListener('click', () => {
    const first = hidden()[0];
    reveal();
    choose(first);
  });

  // ---- ages, by the server's clock ---------------------------------------------------------------------------------
  let ahead = 0;
  async function setClock() {
    try { ahead = Date.parse((await (await fetch('/now', { cache: 'no-store' })).json()).now) - Date.now(); age(); } catch { /* later */ }
  }
  function age() {
    document.querySelectorAll('time[data-ago]').forEach((time) => {
      const minutes = Math.floor((Date.now() + ahead - Date.parse(time.dateTime)) / 60000);
      const text = minutes < 1 ? body.dataset.now : body.dataset.ago.replace('{n}', minutes);
      if (time.textContent !== text) time.textContent = text;
    });
  }

  // ---- acts ------------------------------------------------------------------------------------------------------
  async function post(address, fields) {
    try {
      const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(fields), headers: { 'HX-Request': 'true' } });
      say(await answer.text());
      askUndo();
      return answer.ok;
    } catch {
      complain(byId('net').dataset.offline);
      return false;
    }
  }
  function say(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    const found = template.content.querySelector('#said');
    if (found) tell(found.textContent, found.dataset.bad !== undefined, found);
  }
  function tell(text, isBad, like) {
    const said = byId('said');
    if (isBad) said.dataset.bad = 'true'; else delete said.dataset.bad;
    said.replaceChildren(...(like ? [...like.childNodes] : [text]));
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => said.replaceChildren(), isBad ? 12000 : 5000);
  }
  const complain = (text) => tell(text, true);

  function fieldsOf(form, submitter) {
    const fields = new FormData(form, submitter);
    return [...fields.entries()].filter(([, value]) => typeof value === 'string');
  }
  // Acts after which a card stands in another list: it is set aside at once, and comes back if the act is refused.
  const LEAVING = { show: ['inbox', 'away'], reject: 0, private: 0, merge: 0, queue: 0, unqueue: 0, stage: 0, written: 0, unmerge: 0 };
  async function act(form, submitter) {
    const address = submitter?.getAttribute('formaction') || form.getAttribute('action');
    const name = address.slice(address.lastIndexOf('/') + 1);
    const card = cardOf(form);
    let fields = fieldsOf(form, submitter);
    if (submitter?.dataset.mask !== undefined) fields = masked(form, fields);
    if (!fields) return;
    if (!card) { await post(address, fields); return; }
    const leaves = name in LEAVING && !isMove(card, name, fields);
    if (leaves && card.dataset.held !== undefined && ['show', 'queue'].includes(name)) return hold(card, address, fields);
    await go(card, address, fields, leaves);
  }
  const isMove = (card, name, fields) => name === 'queue' && card.parentElement.dataset.queue === new Map(fields).get('speaker');
  async function go(card, address, fields, leaves) {
    card.querySelectorAll('details[open]').forEach((details) => { details.open = false; });
    if (leaves) setAside(card);
    else if (!card.contains(document.activeElement) || document.activeElement.closest('details')) choose(card);
    const isDone = await post(address, fields);
    if (!isDone) bringBack(card.id);
  }
  function setAside(card) {
    const isHere = card.contains(document.activeElement) || document.activeElement === body;
    if (isHere) moveOn(card);
    card.dataset.going = '';
  }
  function bringBack(id) {
    const card = byId(id);
    if (!card || card.dataset.going === undefined) return;
    delete card.dataset.going;
    choose(card);
  }
  // Masking takes the words selected in the box.
  function masked(form, fields) {
    const box = form.querySelector('textarea');
    const words = box.value.slice(box.selectionStart, box.selectionEnd);
    if (!words.trim()) { complain(body.dataset.pick); box.focus(); return null; }
    return fields.map(([name, value]) => [name, name === 'text' ? words : value]);
  }
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method === 'dialog' || form.dataset.key !== undefined || !form.getAttribute('action')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.id === 'undo-form') return takeBack();
    if (form.id === 'hand-over') return handOver(form);
    act(form, event.submitter);
  }, true);

  // ---- three seconds in which a flagged text is not shown yet --------------------------------------------------------
  const held = new Map();
  function hold(card, address, fields) {
    const number = card.id.slice(2);
    setAside(card);
    let seconds = HOLD;
    const tick = () => {
      if (seconds === 0) { held.delete(number); return void go(byId(card.id) || card, address, fields, true); }
      tell(body.dataset.hold.replace('{n}', number).replace('{s}', seconds), false);
      seconds -= 1;
      held.set(number, setTimeout(tick, 1000));
    };
    tick();
  }
  function release() {
    const number = [...held.keys()].pop();
    if (number === undefined) return false;
    clearTimeout(held.get(number));
    held.delete(number);
    bringBack(`q-${number}`);
    tell('', false);
    return true;
  }

  // ---- undo ------------------------------------------------------------------------------------------------------
  let acts = [], asked = null;
  function askUndo() {
    clearTimeout(askUndo.timer);
    asked = new Promise((done) => {
      askUndo.timer = setTimeout(async () => {
        try {
          const answer = await fetch(`${base}/undo`, { headers: { Accept: 'application/json' } });
          if (answer.ok) acts = (await answer.json()).acts;
        } catch { /* asked again after the next act */ }
        undo.textContent = acts.length ? `${undo.dataset.word}: ${acts[0].said}` : undo.dataset.word;
        undo.disabled = acts.length === 0;
        done();
      }, 60);
    });
    return asked;
  }
  async function takeBack() {
    if (release()) return;
    await asked;
    await post(`${base}/undo`, acts.length ? { expect: acts[0].id } : {});
  }

  // ---- the hand-over link, told once -------------------------------------------------------------------------------
  async function handOver(form) {
    const answer = await fetch(form.action, { method: 'POST', headers: { 'HX-Request': 'true' } });
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    const found = template.content.querySelector('.handed');
    if (found) byId('handed').replaceChildren(found);
    say(template.innerHTML);
  }

  // ---- keys ------------------------------------------------------------------------------------------------------
  const keys = byId('keys'), isOn = byId('keys-on');
  const form = (card, name) => card?.querySelector(`form[action$="/${name}"]`);
  const submit = (found, submitter) => { if (found) act(found, submitter); };
  const open = (card, menu) => {
    const details = card?.querySelector(`details[data-menu=${menu}]`);
    if (!details) return null;
    for (let outer = details; outer; outer = outer.parentElement.closest('details')) outer.open = true;
    return details;
  };
  function queueFor(card, speaker) {
    const choice = form(card, 'queue') && [...card.querySelectorAll('.choices button[name=speaker]')].find((button) => button.value === String(speaker));
    if (choice) submit(choice.form, choice);
  }
  function queue(card) {
    if (card?.dataset.suggested) return queueFor(card, card.dataset.suggested);
    open(card, 'queue')?.querySelector('button[name=speaker]')?.focus();
  }
  function number(card, n) {
    const reasons = card.querySelector('details[data-menu=reject][open] form');
    const choice = reasons?.querySelectorAll('button')[n - 1];
    if (choice) return submit(reasons, choice);
    if (!reasons) queueFor(card, n);
  }
  function toggle(address, name, values) {
    const pressed = document.querySelector(`form[action$="/${address}"] [name=${name}][aria-pressed=true]`)?.value;
    if (pressed && pressed !== values[0]) toggle[name] = pressed;
    post(`${base}/${address}`, { [name]: pressed === values[0] ? toggle[name] || values[1] : values[0] });
  }
  const KEYS = {
    j: () => walk(1), arrowdown: () => walk(1), k: () => walk(-1), arrowup: () => walk(-1),
    i: () => choose(cards(inbox)[0]),
    t: (card) => submit(form(card, 'show')), l: (card) => submit(form(card, 'private')), w: (card) => submit(form(card, 'written')),
    s: (card) => submit(form(card, 'stage')), o: (card) => submit(form(card, 'unqueue')),
    g: (card) => submit(card?.querySelector('.quote form[action$="/merge"]')),
    u: (card) => submit(card?.querySelector('[data-move=up] form')), d: (card) => submit(card?.querySelector('[data-move=down] form')),
    a: queue,
    x: (card) => open(card, 'reject')?.querySelector('form button')?.focus(),
    r: (card) => open(card, 'wording')?.querySelector('textarea').focus(),
    n: () => { const next = byId('next'); if (next) submit(next.form, next); },
    z: takeBack,
    b: () => toggle('show-on-screen', 'view', ['blank', 'stage']),
    p: () => toggle('phase', 'to', ['supporting', 'open']),
    '?': () => keys.showModal(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) { escape(event); return; }
    const field = event.target.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable], dialog');
    if (field || !isOn.checked) return;
    const key = event.key.toLowerCase();
    const digit = /^[1-9]$/.test(key);
    const does = digit ? (card) => card && number(card, Number(key)) : KEYS[key];
    if (!does) return;
    event.preventDefault();
    does(current(), event);
  });
  function escape() {
    if (release()) return;
    const details = document.activeElement?.closest('details[open]') || document.querySelector('.sheet[open]');
    if (!details) return;
    const card = cardOf(details);
    details.open = false;
    if (card) choose(card); else details.querySelector('summary').focus();
  }
  isOn.checked = localStorage.getItem('desk keys') !== 'off';
  isOn.addEventListener('change', () => localStorage.setItem('desk keys', isOn.checked ? 'on' : 'off'));
  byId('keys-open').addEventListener('click', () => keys.showModal());

  // ---- for drag.js -------------------------------------------------------------------------------------------------
  window.desk = { go, hold, choose };

  document.addEventListener('live:put', () => { count(); age(); keepFocus(); });
  setInterval(age, 10000);
  setClock();
  age();
  askUndo();
})();
