// What a reader of this page would stumble over, as a list of sentences. It looks at what the browser
// has laid out: colours as they are drawn, places of texts, and what sticks out of the page.
(() => {
  const faults = [];
  const page = document.documentElement;
  const width = page.clientWidth;
  const say = (fault, element) => {
    const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    faults.push(`${fault}: <${element.localName}> ${text}`);
  };

  // Colours.
  const parse = (text) => {
    const numbers = (text.match(/[\d.]+/g) || []).map(Number);
    const [red, green, blue, alpha = 1] = numbers;
    return text.startsWith("rgb") ? { red, green, blue, alpha } : null;
  };
  const over = (top, below) => {
    const mix = (name) => top[name] * top.alpha + below[name] * (1 - top.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  };
  const backdrop = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour && colour.alpha > 0) layers.push(colour);
      if (colour && colour.alpha === 1) break;
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("print").matches;
    const canvas = dark ? 18 : 255;
    return layers.reverse().reduce((below, top) => over(top, below), {
      red: canvas, green: canvas, blue: canvas, alpha: 1,
    });
  };
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const isHidden = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.display === "none" || style.visibility === "hidden") return true;
      // Text for screen readers alone.
      if (style.clipPath !== "none" && style.position === "absolute") return true;
      if (each.localName === "desc" || each.localName === "title") return true;
    }
    return false;
  };
  // What can be scrolled to may be wider than its frame: on a screen, and by keyboard.
  const isInFrame = (element) => {
    for (let each = element; each && each !== page; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (each !== document.body && style.overflowX === "auto" && each.tabIndex >= 0) return true;
    }
    return false;
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  let texts = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    if (isHidden(element)) continue;
    texts += 1;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width === 0) continue;
      if ((box.right > width + 1 || box.left < -1) && !isInFrame(element)) {
        say("text outside the page", element);
        break;
      }
      const holder = element.closest("td, th, dd, figure, nav, section, header, footer");
      const frame = holder && holder.getBoundingClientRect();
      if (frame && !isInFrame(element) && (box.right > frame.right + 1 || box.left < frame.left - 1)) {
        say(`text outside its <${holder.localName}>`, element);
        break;
      }
    }
    if (seen.has(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const paper = backdrop(element);
    const ratio = ink ? contrast(over(ink, paper), paper) : 1;
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, element);
    // Letters that nobody can read.
    if (size < 9) say(`letters of ${size} px`, element);
  }
  if (texts === 0) faults.push("the page is empty");

  // Marks of pictures need less than text (WCAG 1.4.11).
  for (const mark of document.querySelectorAll("svg rect")) {
    const style = getComputedStyle(mark);
    const colour = parse(style.fill) || parse(style.stroke);
    const paper = backdrop(mark.parentElement);
    if (!colour || contrast(over(colour, paper), paper) < 3) say("faint mark", mark.parentElement);
  }
  for (const picture of document.querySelectorAll("svg")) {
    const names = (picture.getAttribute("aria-labelledby") || "").split(" ")
      .concat((picture.getAttribute("aria-describedby") || "").split(" "));
    const told = names.map((name) => document.getElementById(name)).every(
      (element) => element && element.textContent.trim() !== "");
    if (picture.getAttribute("role") !== "img" || !told) say("picture without words", picture);
    const words = [...picture.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
    words.forEach((one, place) => {
      const isCovered = words.slice(place + 1).some(
        (other) => one.left < other.right - 1 && other.left < one.right - 1
          && one.top < other.bottom - 2 && other.top < one.bottom - 2);
      if (isCovered) say("texts over each other", picture);
    });
  }

  if (page.scrollWidth > width) faults.push(`the page is ${page.scrollWidth - width} px too wide`);
  // Texts that a box cuts off.
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1
      && !isHidden(element)) say("text cut off", element);
  }
  return [...new Set(faults)].slice(0, 20);
})()
