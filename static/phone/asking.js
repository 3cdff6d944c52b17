// Asking: into the outbox at once; a warning of personal numbers, and questions like the one being written.
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
