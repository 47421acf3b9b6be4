// Looks at what stands below one element of a page; run by pages.py in the browser.
({ root, skip }) => {
  const top = document.querySelector(root);
  const colour = (text) => {
    const parts = (text.match(/[\d.]+/g) || []).map(Number);
    const scale = text.startsWith("color(srgb") ? 255 : 1;
    return parts.length < 3
      ? [0, 0, 0, 0]
      : [...parts.slice(0, 3).map((part) => part * scale), parts.length > 3 ? parts[3] : 1];
  };
  const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat([1]);
  const light = (one) => {
    const [r, g, b] = one.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const layer = colour(getComputedStyle(each).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] >= 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), canvas);
  };
  const opacity = (element) => {
    let product = 1;
    for (let each = element; each; each = each.parentElement) product *= +getComputedStyle(each).opacity;
    return product;
  };
  const faint = new Map();
  let texts = 0;
  const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.data.trim();
    const element = walk.currentNode.parentElement;
    if (!words || element.closest(skip) || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden") continue;
    texts += 1;
    const back = ground(element);
    const ink = colour(style.color);
    ink[3] *= opacity(element);
    const lights = [light(over(ink, back)), light(back)].sort((a, b) => b - a);
    const ratio = lights[0] / lights[1];
    const pixels = parseFloat(style.fontSize);
    const large = pixels >= 24 || (pixels >= 18.66 && +style.fontWeight >= 700);
    if (ratio >= (large ? 3 : 4.5)) continue;
    const key = `${ratio.toFixed(2)}: ${ink.map((part) => +part.toFixed(2))} on ${back.slice(0, 3).map(Math.round)}`;
    const seen = faint.get(key) || { n: 0, words: words.slice(0, 30) };
    seen.n += 1;
    faint.set(key, seen);
  }
  const images = [...top.querySelectorAll("img")];
  const headings = [...top.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter((each) => each.getClientRects().length);
  const levels = headings.map((each) => +each.tagName[1]);
  const boxed = (element) => {
    for (let each = element.parentElement; each && each !== top; each = each.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX)) return true;
    return false;
  };
  return {
    texts,
    images: images.length,
    h1: levels.filter((level) => level === 1).length,
    contrast: [...faint].map(([key, { n, words }]) => `${key}, ${n} times, ${words}`),
    without_alt: images.filter((each) => each.alt.length < 40).length,
    broken: images.filter((each) => !each.naturalWidth).length,
    skipped: headings.filter((_, i) => i && levels[i] > levels[i - 1] + 1).map((each) => each.textContent.trim()),
    cut: [...top.querySelectorAll("table, img, pre, p")]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !boxed(each))
      .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 30)}`),
  };
};
