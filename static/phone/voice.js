// What is said aloud: one polite line, one sentence at a time, never a count of supports.
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
