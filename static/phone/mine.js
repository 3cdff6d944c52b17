// What is mine: fetched apart, so that everybody's page is the same, and marked on the cards.
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
    if (present && !present.isEqualNode(element)) await replace(present, element);
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
  const others = stored(RECEIPTS).filter((known) => !own.has(String(known.number)));
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
    if (button.hidden === isOwn && button.getAttribute('aria-pressed') === String(isOn)) return;
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
