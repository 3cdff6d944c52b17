// screen.js: makes what the projector shows as large as the space allows.
//
// The question (data-fit) gets the largest letters that fit, never under 48 pixels at 1920; parts with data-spare are
// left out for it, 1 before 2, and what is longer still is turned page by page. Of a list (data-some) those are shown
// that fit whole; data-some="turn" turns its pages unless one item (data-first) has to be seen. Other views grow as a
// whole (--k). Everything is measured again after each frame, before the browser paints it.
(() => {
  'use strict';
  const LEAST = 1.67, MOST = 3.6, GOOD = [2.05, 1.8, LEAST];   // letters in rem, by how much is left out for them
  const ENOUGH = 3, SMALL = 0.9, SMALLEST = 0.6, LARGEST = 1.35, TURN = 12000, HINT = 20000;
  const root = document.documentElement;
  root.dataset.fitted = '';
  let page = 0, shown = '';

  const fits = (view) => view.scrollHeight <= view.clientHeight + 1 && view.scrollWidth <= view.clientWidth;
  const leaveOut = (element, isOut) => element.toggleAttribute('data-left-out', isOut);

  // The largest value between least and most that fits, or null when not even the least does.
  function largest(view, name, least, most, unit) {
    const set = (value) => view.style.setProperty(name, `${value}${unit}`);
    set(most);
    if (fits(view)) return most;
    set(least);
    if (!fits(view)) return null;
    let low = least, high = most;
    while (high - low > 0.02) {
      const middle = (low + high) / 2;
      set(middle);
      if (fits(view)) low = middle; else high = middle;
    }
    set(low);
    return low;
  }

  function fit() {
    const view = document.getElementById('view');
    if (!view) return;
    const about = `${view.dataset.view} ${view.querySelector('article')?.id}`;
    if (about !== shown) { shown = about; page = 0; }
    reset(view);
    const say = view.querySelector('[data-fit]'), some = view.querySelector('[data-some]');
    if (say) fitText(view, say);
    else if (some) fitSome(view, some);
    else fitAll(view);
    watch.takeRecords();
  }

  function reset(view) {
    for (const name of ['--k', '--say']) view.style.removeProperty(name);
    view.removeAttribute('data-tight');
    for (const element of view.querySelectorAll('[data-left-out]')) leaveOut(element, false);
    for (const element of view.querySelectorAll('[data-tall]')) element.removeAttribute('data-tall');
    for (const element of view.querySelectorAll('[data-page]')) whole(element);
  }

  // Leave out, step by step, what has the smallest data-spare; yields after each step.
  function* sparing(view) {
    const steps = [...new Set([...view.querySelectorAll('[data-spare]')].map((element) => element.dataset.spare))].sort();
    yield 0;
    for (const [index, step] of steps.entries()) {
      for (const element of view.querySelectorAll(`[data-spare="${step}"]`)) leaveOut(element, true);
      yield index + 1;
    }
  }

  function fitText(view, say) {
    for (const left of sparing(view)) {
      const size = largest(view, '--say', LEAST, MOST, 'rem');
      if (size !== null && size >= (GOOD[left] ?? LEAST)) return;
    }
    if (fits(view)) return;
    view.dataset.tight = '';
    view.style.setProperty('--say', `${LEAST}rem`);
    if (!fits(view)) turn(view, say);
  }

  // Show one page after the other of an element that is too long: columns as wide as it is, of which one is seen.
  function turn(view, long) {
    const GAP = 40;
    const marker = view.querySelector('[data-marker]');
    if (marker) marker.textContent = '1 / 1';                   // takes room as well
    long.dataset.page = '';
    const room = long.clientHeight - (view.scrollHeight - view.clientHeight);
    const style = { 'block-size': `${Math.max(room, 100)}px`, 'column-width': `${long.clientWidth}px`, 'column-gap': `${GAP}px` };
    for (const [name, value] of Object.entries({ ...style, 'column-fill': 'auto', overflow: 'hidden' })) long.style.setProperty(name, value);
    const count = Math.round((long.scrollWidth + GAP) / (long.clientWidth + GAP));
    long.scrollLeft = (page % count) * (long.clientWidth + GAP);
    const text = `${(page % count) + 1} / ${count}`;
    if (marker && marker.textContent !== text) marker.textContent = text;
  }

  function whole(long) {
    long.removeAttribute('data-page');
    for (const name of ['block-size', 'column-width', 'column-gap', 'column-fill', 'overflow']) long.style.removeProperty(name);
    const marker = long.closest('main').querySelector('[data-marker]');
    if (marker) marker.textContent = '';
  }

  function fitSome(view, some) {
    const items = [...some.children];
    const first = items.findIndex((item) => item.dataset.first !== undefined);
    const isTurning = some.dataset.some === 'turn' && first < 0;
    let begin = Math.max(first, 0), end = begin;
    // Smaller letters where they show more than one or two; what cannot shrink stays as it is.
    const many = fill(view, items, begin);
    if (items[begin].dataset.tall === '') for (const _ of sparing(view)) fill(view, items, begin);
    else if (many < Math.min(items.length, ENOUGH)) {
      view.style.setProperty('--k', SMALL);
      if (fill(view, items, begin) <= many) view.style.removeProperty('--k');
    }
    for (let turn = 0; ; turn += 1) {
      end = fill(view, items, begin);
      if (!isTurning || turn >= page) break;
      begin = end === items.length ? 0 : end;
    }
    if (items[begin].dataset.tall === '' && !fits(view)) turn(view, items[begin]);
    while (begin > 0 && !isTurning && end === items.length && show(view, items[begin - 1])) begin -= 1;
    if (end - begin === items.length) largest(view, '--k', 1, LARGEST, '');
    const range = view.querySelector('[data-range]');
    const words = end === begin + 1 ? range?.dataset.one : range?.dataset.range;
    const text = end - begin < items.length ? words?.replace('{first}', begin + 1).replace('{last}', end) : '';
    if (range && range.textContent !== text) range.textContent = text;
  }

  // Show the items from this one on, as many as fit whole, at least one; returns the index after the last.
  function fill(view, items, begin) {
    for (const item of items) { leaveOut(item, true); item.removeAttribute('data-tall'); }
    leaveOut(items[begin], false);
    if (!fits(view)) items[begin].dataset.tall = '';
    let end = begin + 1;
    while (end < items.length && show(view, items[end])) end += 1;
    return end;
  }

  function show(view, item) {
    leaveOut(item, false);
    if (fits(view)) return true;
    leaveOut(item, true);
    return false;
  }

  function fitAll(view) {
    for (const left of sparing(view)) if (largest(view, '--k', left ? SMALLEST : 1, LARGEST, '') !== null) return;
    largest(view, '--k', SMALLEST, 1, '');
  }

  // ---- what the person who sets up the projector is told, once ---------------------------------------------------
  function hint() {
    const line = document.getElementById('hint');
    if (!line || sessionStorage.getItem('hinted')) return;
    sessionStorage.setItem('hinted', '1');
    document.getElementById('full').hidden = localStorage.getItem('hinted') === '1';
    localStorage.setItem('hinted', '1');
    line.hidden = false;
    const hide = () => { line.hidden = true; };
    setTimeout(hide, HINT);
    addEventListener('keydown', hide, { once: true });
  }

  const watch = new MutationObserver(fit);
  watch.observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
  addEventListener('resize', fit);
  document.fonts.ready.then(fit);
  setInterval(() => { page += 1; fit(); }, TURN);
  fit();
  hint();
})();
