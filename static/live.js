// live.js: keeps a page as the server has it.
//
// A socket brings frames: first line a cursor, then HTML elements with ids. An element replaces the one with its id, or
// goes where data-in and data-before say; data-status="gone" removes it. The page resumes from its cursor after every
// interruption, so a frame that was missed is sent again, and applying one twice is harmless. Silence of 35 seconds
// counts as a dead connection; without sockets the page asks every few seconds over plain HTTP.
//
// A page that does not follow a forum (no data-live) has its look from here and nothing else.
//
// A page with ways of its own hangs them into window.jaring.hooks before the page is ready: settled() is waited for
// before a frame is applied, applied() follows it, insert(element, list) may place a new element itself, nudged() and
// state(name) tell of the socket, sent(form) of a form that was answered well.
(() => {
  'use strict';
  const body = document.body;
  const root = document.documentElement;
  document.cookie = 'jaring_js=1; path=/; max-age=5184000; samesite=lax';
  // What is kept on this device; a browser that keeps nothing (private, full) still works until the page is closed.
  const memory = new Map();
  const kept = {
    get(name) { if (memory.has(name)) return memory.get(name); try { return localStorage.getItem(name); } catch { return null; } },
    set(name, value) { memory.delete(name); try { localStorage.setItem(name, value); } catch { memory.set(name, value); } },
    remove(name) { memory.delete(name); try { localStorage.removeItem(name); } catch { /* nothing was kept */ } },
  };

  // ---- larger letters and high contrast, on every page and remembered --------------------------------------------
  document.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-switch]');
    if (choice) toggle(choice.dataset.switch, choice.dataset.value);
  });
  function toggle(name, value) {
    const on = root.dataset[name] !== value;
    if (on) root.dataset[name] = value; else delete root.dataset[name];
    kept.set(name, on ? value : '');
    pressed();
  }
  function pressed() {
    document.querySelectorAll('[data-switch]').forEach((button) => {
      button.setAttribute('aria-pressed', String(root.dataset[button.dataset.switch] === button.dataset.value));
    });
  }
  for (const name of ['size', 'contrast']) if (kept.get(name)) root.dataset[name] = kept.get(name);
  pressed();

  if (!body.dataset.live) return;

  const SILENCE = 35000, CONNECT = 10000, SLOWEST = 4000, POLL = 4000, AFTER_RESTART = 2000;
  const always = body.dataset.always !== undefined;
  const net = document.getElementById('net');
  let cursor = body.dataset.cursor;
  let socket = null, tries = 0, watchdog = 0, retry = 0, isOver = false, work = Promise.resolve();
  let lastHeard = new Date();
  const hooks = {};

  // ---- the connection line -------------------------------------------------------------------------------------
  function say(state) {
    if (root.dataset.live === state) return;
    root.dataset.live = state;
    hooks.state?.(state);
    if (!net) return;
    const quiet = state === 'online' || state === 'polling';
    const icon = quiet ? 'answered' : 'offline';
    net.dataset.state = state;
    net.dataset.icon = icon;
    net.textContent = quiet ? net.dataset.online : `${state === 'offline' ? net.dataset.offline : net.dataset.reconnecting} ${asOf()}`;
  }
  function asOf() {
    const time = lastHeard.toLocaleTimeString(root.lang === 'id' ? 'id' : 'en-GB', { hour: '2-digit', minute: '2-digit' });
    return net.dataset.stale.replace('{jam}', time);
  }

  // ---- applying frames -----------------------------------------------------------------------------------------
  function apply(text) {
    const end = text.indexOf('\n');
    const head = end < 0 ? text : text.slice(0, end);
    lastHeard = new Date();
    if (head === '!reset') return reload();
    if (isOld(head)) return;
    const html = end < 0 ? '' : text.slice(end + 1);
    work = work.then(() => (html ? put(html) : null)).catch((error) => console.error(error));
    cursor = head;
  }

  // A poll's answer may come after the socket has told something newer; what is older than our place says nothing.
  function isOld(head) {
    const [epoch, seq] = head.split('.');
    const [ours, at] = (cursor || '').split('.');
    return epoch === ours && Number(seq) < Number(at);
  }

  async function reload() {
    isOver = true;
    clearTimeout(watchdog);
    // The projector keeps its picture until there is a page to put in its place.
    while (body.dataset.keep !== undefined && !(await fetch(location.href).then((answer) => answer.ok, () => false))) {
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    location.reload();
  }

  async function put(html) {
    await hooks.settled?.();
    const template = document.createElement('template');
    template.innerHTML = html;
    const elements = [...template.content.children];
    const partials = [];
    elements.forEach((element, index) => {
      if (element.id === 'nudge') return void hooks.nudged?.();
      if (element.dataset.status === 'gone') {
        // Taken out and put in again within one frame is a move: it keeps its focus and what is open in it.
        const leaving = document.getElementById(element.id);
        if (leaving && !elements.slice(index + 1).some((later) => later.id === element.id)) {
          tell('leave', leaving);
          leaving.remove();
        }
        return;
      }
      const present = document.getElementById(element.id);
      if (present) {
        move(present, element);
        partials.push([present, element]);
      } else insert(element);
    });
    for (const [present, element] of partials) await replace(present, element);
    hooks.applied?.(elements);
    tell('put', document.body);
  }

  // What a page's own script may listen to: a card is about to leave or to come in (it may hide it), a frame was put.
  const tell = (name, element) => element.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true }));

  async function replace(present, element) {
    if (element.id.startsWith('n-')) {
      present.textContent = element.textContent;
      present.closest('[data-supports]')?.setAttribute('data-supports', element.textContent);
      return;
    }
    keepOpen(present, element);
    await htmx.swap({ sourceElement: present, target: present, swap: 'outerMorph', text: element.outerHTML, transition: false });
  }

  // A <details> that the reader opened stays open when its card is replaced.
  // A card that its page holds back (data-waits) stays back.
  function keepOpen(present, element) {
    if (present.dataset.waits !== undefined) { element.dataset.waits = ''; element.hidden = true; }
    const before = [...present.querySelectorAll('details')];
    [...element.querySelectorAll('details')].forEach((details, index) => {
      const same = details.id ? before.find((other) => other.id === details.id) : before[index];
      if (same?.open) details.open = true;
    });
  }

  function move(present, element) {
    const list = element.dataset.in && document.getElementById(element.dataset.in);
    if (!list) return;
    const before = element.dataset.before ? document.getElementById(element.dataset.before) : null;
    const isElsewhere = present.parentElement !== list;
    const isOrdered = list.dataset.order !== 'free';
    if (!isElsewhere && (!isOrdered || (present.nextElementSibling || null) === before)) return;
    // Not moveBefore: Chromium 156 ends the whole page where cards go from list to list quickly.
    const held = present.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(present, before);
    present.dataset.moved = '';                      // the focus comes along; nobody has chosen this card
    held?.focus({ preventScroll: true });
    delete present.dataset.moved;
  }

  function insert(element) {
    const list = element.dataset.in && document.getElementById(element.dataset.in);
    if (!list || hooks.insert?.(element, list)) return;
    const before = element.dataset.before ? document.getElementById(element.dataset.before) : null;
    element.classList.add('fresh');
    list.insertBefore(element, before);
    tell('enter', element);
    htmx.process(element);
  }

  // ---- forms: a key made once per draft, a draft that survives -----------------------------------------------------
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, '0')).join('');

  function keyOf(form) {
    let field = form.querySelector('input[name=key]');
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'key';
      form.append(field);
    }
    if (!field.value) field.value = newKey();
  }
  document.addEventListener('submit', (event) => { if (event.target.dataset?.key !== undefined) keyOf(event.target); }, true);

  document.addEventListener('htmx:after:request', (event) => {
    const form = event.target.closest?.('form');
    const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status;
    if (!form || !status) return;
    if (status < 300) {
      forget(form);
      form.querySelector('input[name=key]')?.remove();
      if (form.dataset.clear !== undefined) { form.reset(); left(form.querySelector('textarea')); }
      hooks.sent?.(form);
    }
    if (root.dataset.live !== 'online') poll();
  });

  const place = (field) => `draft ${field.form.dataset.draft} ${field.name}`;
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (field.form?.dataset.draft && field.name) kept.set(place(field), field.value);
    left(field);
  });
  function forget(form) {
    if (!form.dataset.draft) return;
    [...form.elements].forEach((field) => field.name && kept.remove(place(field)));
  }
  function remember() {
    document.querySelectorAll('form[data-draft]').forEach((form) => [...form.elements].forEach((field) => {
      const words = field.name && field.type !== 'hidden' && kept.get(place(field));
      if (words) { field.value = words; left(field); }
    }));
  }
  // Letters as people count them. Making the segmenter takes a slow processor long: plain words go without.
  let segmenter = null;
  function length(words) {
    if (/^[\n\x20-\x7e]*$/.test(words)) return words.length;
    segmenter ??= new Intl.Segmenter();
    return [...segmenter.segment(words)].length;
  }
  function left(field) {
    const said = field?.dataset?.max && field.form.querySelector('#left');
    if (!said) return;
    const rest = Number(field.dataset.max) - length(field.value);
    said.textContent = rest === 1 ? said.dataset.one : said.dataset.many.replace('{n}', rest);
  }
  document.addEventListener('click', (event) => {
    const phrase = event.target.closest('[data-phrase]');
    if (phrase) {
      const field = document.getElementById(phrase.dataset.phrase);
      field.value = `${field.value.trimEnd()} ${phrase.textContent}`.trimStart();
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.focus();
    }
  });
  // ---- the socket ------------------------------------------------------------------------------------------------
  const arm = (milliseconds) => { clearTimeout(watchdog); watchdog = setTimeout(drop, milliseconds); };
  function drop() {
    const dead = socket;
    socket = null;
    dead?.close();
    again();
  }

  function connect() {
    clearTimeout(retry);
    if (isOver || socket) return;
    const address = new URL(body.dataset.live, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    address.searchParams.set('since', cursor);
    const opened = socket = new WebSocket(address);
    arm(CONNECT);
    opened.onmessage = (event) => {
      if (opened !== socket) return;
      arm(SILENCE);
      tries = 0;
      apply(event.data);
      say('online');
    };
    opened.onclose = (event) => {
      if (opened !== socket) return;
      socket = null;
      clearTimeout(watchdog);
      if (event.code === 4404) { isOver = true; location.reload(); return; } // the page says what became of it
      if (event.code === 4403) { isOver = true; say('offline'); return; }
      again(event.code === 1012);
    };
  }

  function again(afterRestart = false) {
    clearTimeout(watchdog);
    clearTimeout(retry);
    if (isOver) return;
    if (document.hidden && !always) { say('paused'); return; }
    tries += 1;
    say(navigator.onLine === false ? 'offline' : root.dataset.live === 'polling' ? 'polling' : 'reconnecting');
    if (tries >= 3) poll();
    // Full jitter: thousands of phones must not come back in the same instant.
    const most = afterRestart ? AFTER_RESTART : Math.min(SLOWEST, 500 * 2 ** tries);
    retry = setTimeout(connect, Math.random() * most);
  }

  let polling = false;
  async function poll() {
    if (polling || isOver) return;
    polling = true;
    try {
      const answer = await fetch(`${body.dataset.poll}&since=${encodeURIComponent(cursor)}`);
      if (answer.status === 200) apply(await answer.text());
      if (answer.ok) { lastHeard = new Date(); if (!socket || root.dataset.live !== 'online') say('polling'); }
    } catch { say('offline'); }
    polling = false;
    if (!socket && !isOver && tries >= 3) setTimeout(poll, POLL * (0.5 + Math.random()));
  }

  const wake = () => { if (!socket && !isOver && !document.hidden) { tries = 0; connect(); } };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return wake();
    if (always || !socket) return;
    const closing = socket;
    socket = null;
    clearTimeout(watchdog);
    closing.close(1000);
    say('paused');
  });
  addEventListener('online', wake);
  addEventListener('offline', () => { if (socket) drop(); say('offline'); });
  addEventListener('pageshow', (event) => { if (event.persisted) wake(); });
  addEventListener('pagehide', () => { const closing = socket; socket = null; clearTimeout(watchdog); clearTimeout(retry); closing?.close(1000); });

  window.jaring = { hooks, kept, newKey, replace, forget, remember, left, poll };
  remember();
  document.querySelectorAll('textarea').forEach(left);
  // The scripts of a page come after this one: they are all there when the page is ready.
  document.addEventListener('DOMContentLoaded', connect);
})();
