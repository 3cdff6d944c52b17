// drag.js: carry a ticket by its stub, with mouse, pen or finger. Keys and buttons do the same (desk.js, the cards).
//
// A stub is taken up after a few pixels, so that a tap stays a tap; a finger on the rest of the card scrolls. Nothing
// changes until the server says so: what was dropped is posted, and the frame moves the card.
(() => {
  'use strict';
  const START = 6;
  const lists = [...document.querySelectorAll('[data-queue], #shown')];
  let held = null;

  document.addEventListener('pointerdown', (event) => {
    const stub = event.target.closest('.ticket[id^="q-"] > .no');
    if (!stub || event.button !== 0 || !event.isPrimary) return;
    const card = stub.parentElement;
    const offers = (name) => card.querySelector(`form[action$="/${name}"]`);
    if (!offers('queue') && !offers('unqueue')) return;
    event.preventDefault();
    held = { card, stub, x: event.clientX, y: event.clientY, id: event.pointerId, ghost: null, target: null };
    stub.setPointerCapture(event.pointerId);
  });

  document.addEventListener('pointermove', (event) => {
    if (!held || event.pointerId !== held.id) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!held.ghost && Math.hypot(dx, dy) < START) return;
    if (!held.ghost) lift();
    held.ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
    aim(event.clientX, event.clientY);
  });

  function lift() {
    const { card } = held;
    held.ghost = document.createElement('div');
    held.ghost.className = 'carried';
    held.ghost.setAttribute('aria-hidden', 'true');
    held.ghost.textContent = card.querySelector('.no').textContent.trim();
    document.body.append(held.ghost);
    card.dataset.lifted = '';
  }

  function aim(x, y) {
    const list = lists.find((each) => {
      const box = each.closest('.panel').getBoundingClientRect();
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    });
    clear();
    if (!list) return;
    const others = [...list.children].filter((card) => card !== held.card && !card.hidden);
    const before = list.dataset.queue === undefined ? null : others.find((card) => {
      const box = card.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    held.target = { list, before: before || null };
    list.dataset.aimed = '';
    before?.setAttribute('data-aimed', '');
    scroll(list, y);
  }
  function scroll(list, y) {
    const box = list.getBoundingClientRect();
    if (y < box.top + 24) list.scrollTop -= 12;
    if (y > box.bottom - 24) list.scrollTop += 12;
  }
  function clear() {
    document.querySelectorAll('[data-aimed]').forEach((element) => element.removeAttribute('data-aimed'));
    if (held) held.target = null;
  }

  function drop() {
    const { card, target } = held;
    end();
    if (!target) return;
    const seen = card.querySelector('input[name=seen]')?.value;
    const at = card.querySelector('form[action*="/questions/"]').getAttribute('action').replace(/\/[^/]*$/, '');
    const from = card.parentElement.id;
    if (target.list.dataset.queue) {
      const fields = { speaker: target.list.dataset.queue, ...(seen ? { seen } : {}) };
      if (target.before) fields.before = target.before.id.slice(2);
      const isMove = target.list === card.parentElement;
      if (isMove && target.before === card.nextElementSibling) return;
      send(card, `${at}/queue`, fields, !isMove);
    } else if (from === 'inbox') send(card, `${at}/show`, seen ? { seen } : {}, true);
    else if (from.startsWith('queue-')) send(card, `${at}/unqueue`, seen ? { seen } : {}, true);
  }
  function send(card, address, fields, leaves) {
    if (leaves && card.dataset.held !== undefined) window.desk.hold(card, address, fields);
    else window.desk.go(card, address, fields, leaves);
  }
  function end() {
    held?.ghost?.remove();
    if (held) delete held.card.dataset.lifted;
    clear();
    held = null;
  }

  document.addEventListener('pointerup', (event) => {
    if (!held || event.pointerId !== held.id) return;
    if (held.ghost) drop(); else { window.desk.choose(held.card); end(); }
  });
  document.addEventListener('pointercancel', end);
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !held) return;
    event.stopImmediatePropagation();
    end();
  }, true);
})();
