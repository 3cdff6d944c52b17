// Every visible piece of text: its letters in rem and pixels, its contrast, and whether anything of it is cut off.
() => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgba = (text) => { const v = text.match(/[\d.]+/g).map(Number); return v.length < 4 ? [...v, 1] : v; };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgba(getComputedStyle(at).backgroundColor);
      if (found[3] > 0) return found;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || element.closest('.unseen, script')) continue;
    if (element.closest('[data-tall] .brief')) continue;   // the list may end the longest with an ellipsis
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    let cut = false;
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      for (let at = element; at; at = at.parentElement) {
        const isRoot = at === document.documentElement;
        const box = isRoot ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : at.getBoundingClientRect();
        // The line box is taller than the letters; a quarter of the size above and below holds none of them.
        const isHigh = rect.top + size / 4 < box.top || rect.bottom - size / 4 > box.bottom;
        const isWide = rect.left < box.left - 1 || rect.right > box.right + 1;
        if (at.matches('[data-page]')) {   // turned page by page: each line whole, on one page
          if (isHigh || (isWide && rect.left < box.right && rect.right > box.left)) cut = true;
          break;
        }
        if ((isRoot || getComputedStyle(at).overflow !== 'visible') && (isHigh || isWide)) cut = true;
      }
    }
    const [one, two] = [light(rgba(style.color)), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05), say = Boolean(element.closest('[data-fit]'));
    found.push({ text: node.textContent.trim().slice(0, 60), px: size, rem: size / rem, cut, contrast, say });
  }
  return found;
}
