// The page of a scene: its features and its pictures, and a card of the one that is chosen.
//
// All that is known stands in the element #data. A feature fires for a picture where the picture's code has it, and all
// else that the page says is worked out from that. Chosen is what the address says: #f17, #flag=morocco, or neither.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const KIN = 8; // features or pictures that are alike
const MOST = 48; // features of the mean code
const BINS = 16; // of a histogram
const FLAGS = 4; // that a search names
const ALL = 1000; // pictures, up to which each is compared with each
const GAP = 8; // pixels around a tile that is scrolled to

// Elements. Words are only ever set as text.

const $ = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  return filled(made, attributes, children);
}

function drawn(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function image(source, name = "") {
  return source ? element("img", { src: source, alt: name, decoding: "async" }) : element("span", { class: "blank" });
}

// What is known.

const features = new Map(data.features.map((feature) => [feature.index, feature]));
const pictures = data.pictures;
const slugs = new Map(pictures.map((picture, number) => [picture.slug, number]));
const codes = pictures.map((picture) => new Map(picture.code));
const coded = codes.filter((code) => code.size).length;
const sizes = codes.map((code) => Math.hypot(...code.values()));

// Feature -> (picture, activation), the strongest first.
const fires = new Map(data.features.map((feature) => [feature.index, []]));
codes.forEach((code, picture) => {
  for (const [feature, activation] of code) if (activation > 0) fires.get(feature).push([picture, activation]);
});
for (const pairs of fires.values()) pairs.sort((one, other) => other[1] - one[1]);

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const named = pictures.map((picture) => plain(picture.name));

/** All words by which a feature is found. */
const about = new Map();
for (const { index, label, made } of data.features)
  about.set(index, [plain(label), ...made.map(([name]) => plain(name)), ...fires.get(index).map(([picture]) => named[picture])].join("\n"));

/** The mean activation where a feature fires. */
const means = new Map();
for (const [index, pairs] of fires)
  means.set(index, pairs.reduce((sum, [, activation]) => sum + activation, 0) / Math.max(1, pairs.length));

/** The correlation of two features' firing over the pictures, for each other one: (feature, phi), strongest first. */
function company(index) {
  const all = pictures.length;
  const own = new Set(fires.get(index).map(([picture]) => picture));
  const found = [];
  for (const [other, pairs] of fires) {
    const both = pairs.filter(([picture]) => own.has(picture)).length;
    if (other === index || both < 2) continue;
    const spread = Math.sqrt(own.size * (all - own.size) * pairs.length * (all - pairs.length));
    const phi = spread > 0 ? (all * both - own.size * pairs.length) / spread : 0;
    if (phi > 0) found.push([other, phi]);
  }
  return found.sort((one, other) => other[1] - one[1]).slice(0, KIN);
}

/** The pictures with the nearest codes: (picture, cosine), nearest first. */
function nearest(number) {
  const found = [];
  codes.forEach((code, other) => {
    let product = 0;
    for (const [feature, activation] of codes[number]) product += activation * (code.get(feature) ?? 0);
    if (other !== number && product > 0) found.push([other, product / (sizes[number] * sizes[other])]);
  });
  return found.sort((one, other) => other[1] - one[1]).slice(0, KIN);
}

/** The pictures that are least like their nearest one: (picture, cosine), the least first. */
function loners() {
  if (pictures.length > ALL) return [];
  const found = pictures.map((picture, number) => [number, nearest(number)[0]?.[1] ?? 0]);
  return found.sort((one, other) => one[1] - other[1]).slice(0, KIN);
}

// Words.

const title = data.title || "A scene without a title";
const digits = (value) =>
  value !== 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1000) ? value.toPrecision(2) : value.toFixed(2);
const times = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
const kind = data.dictionary ? "flag" : "picture";
const sure = (feature) => feature.label.replace(/^unsure: /, ""); // doubt is seen by its italics
const featureName = (feature) => `f${feature.index}${feature.label ? ` ${feature.label}` : ""}`;
const listed = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

function featureWords(feature, kin) {
  const pairs = fires.get(feature.index);
  const share = `${((100 * pairs.length) / Math.max(1, pictures.length)).toFixed(1)}\u00a0%`;
  const most = data.dictionary ? pairs.map(([picture]) => pictures[picture].name) : feature.top;
  const often = kin.slice(0, 2).map(([other]) => `f${other}`);
  return [
    data.dictionary && `It fires for ${pairs.length} of ${times(pictures.length, kind)} (${share}).`,
    most.length && `It fires the most for ${listed(most.slice(0, 3))}.`,
    often.length && `Where it fires, ${listed(often)} often ${often.length > 1 ? "do" : "does"} too.`,
    feature.label && (feature.trusted ? "Its label is true of most of them." : "Its label is a guess."),
  ];
}

function codeWords(code, near) {
  const told = code.map(([index]) => features.get(index)).filter((feature) => feature.trusted);
  const like = near.slice(0, 3).map(([other]) => pictures[other].name);
  return [
    `${times(code.length, "feature")} of ${features.size} ${code.length === 1 ? "fires" : "fire"}.`,
    told.length && `Among them: ${told.slice(0, 3).map(sure).join(", ")}.`,
    like.length && `Most like it ${like.length > 1 ? "are" : "is"} ${listed(like)}.`,
  ];
}

const GUIDE = [
  data.features.some((feature) => feature.made.length)
    ? "Each picture is a feature: the likeliest flag that has it."
    : "Each grey picture is a feature: what it adds to a flag, grey where it adds nothing.",
  "Choose one to see the flags for which it fires.",
  "Choose a flag on the map to see the features that it is made of.",
  "Flags with like codes lie near each other.",
];
const KEYS = [
  [["/"], "search"],
  [["j", "k"], "next, previous feature"],
  [["← ↑ → ↓"], "move"],
  [["Esc"], "back to this"],
];

// Parts of the page.

function label(feature) {
  if (!feature.label) return element("span", { class: "label unsure" }, "no label");
  return element("span", { class: feature.trusted ? "label" : "label unsure" }, sure(feature));
}

function bar(value, full, signed) {
  const fill = element("span", { class: value < 0 ? "less" : "" });
  const share = (100 * Math.abs(value)) / (full || 1) / (signed ? 2 : 1);
  fill.style.width = `${share}%`;
  fill.style.marginLeft = signed ? `${value < 0 ? 50 - share : 50}%` : "0";
  return element("span", { class: "bar" }, fill);
}

function featureRow([index, activation], full, signed) {
  const feature = features.get(index);
  const words = element("span", { class: "words" }, element("b", {}, `f${index}`), " ", label(feature));
  return element(
    "li",
    {},
    element(
      "a",
      { href: `#f${index}` },
      image(feature.atom),
      words,
      element("i", {}, digits(activation)),
      bar(activation, full, signed),
    ),
  );
}

function pictureRow([number, activation], full) {
  const words = element("span", { class: "words" }, pictures[number].name);
  return element(
    "li",
    {},
    element(
      "a",
      { href: `#flag=${pictures[number].slug}` },
      image(pictures[number].picture),
      words,
      element("i", {}, digits(activation)),
      bar(activation, full, false),
    ),
  );
}

function featureTile(index, note, said) {
  const feature = features.get(index);
  const name = `${featureName(feature)}: ${said}`;
  return element(
    "a",
    { href: `#f${index}`, title: name, "aria-label": name },
    image(feature.atom),
    element("span", { class: "line" }, element("b", {}, `f${index}`), element("i", {}, note)),
    label(feature),
  );
}

function pictureTile(number, cosine) {
  const picture = pictures[number];
  return element(
    "a",
    { href: `#flag=${picture.slug}`, title: picture.name },
    image(picture.picture),
    element("span", { class: "label" }, picture.name),
    element("span", { class: "line" }, element("i", {}, digits(cosine))),
  );
}

/** How often which activation: bars from 0 to the highest. */
function histogram(values) {
  const full = Math.max(...values);
  const counts = new Array(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value / full) * BINS))] += 1;
  const most = Math.max(...counts);
  const bars = counts.map((count, bin) => {
    const high = count ? Math.max(2, (60 * count) / most) : 0;
    const range = `${digits((bin * full) / BINS)} to ${digits(((bin + 1) * full) / BINS)}: ${times(count, kind)}`;
    return drawn(
      "rect",
      { x: bin * 20 + 1, y: 62 - high, width: 18, height: high, rx: 1.5 },
      drawn("title", {}, range),
    );
  });
  const said = `Histogram of ${times(values.length, "activation")} up to ${digits(full)}`;
  const svg = drawn(
    "svg",
    { viewBox: "0 0 320 64", role: "img", "aria-label": said },
    ...bars,
    drawn("line", { x1: 0, y1: 63, x2: 320, y2: 63 }),
  );
  const scale = element(
    "figcaption",
    {},
    element("span", {}, "0"),
    element("span", {}, "activation"),
    element("span", {}, digits(full)),
  );
  return element("figure", { class: "histogram" }, svg, scale);
}

function numbers(pairs) {
  return element(
    "dl",
    {},
    ...pairs.map(([what, number]) => element("div", {}, element("dt", {}, what), element("dd", {}, number))),
  );
}

/** What an atom is made of. */
function parts(made) {
  if (!made.length) return null;
  const rows = made.map((pair) =>
    element("li", {}, pair[0], element("i", {}, digits(pair[1])), bar(pair[1], made[0][1], false)),
  );
  return element("div", { class: "made" }, element("h3", {}, "Made of"), element("ol", {}, ...rows));
}

function paragraph(sentences) {
  const words = sentences.filter(Boolean).join(" ");
  return words ? element("p", {}, words) : null;
}

function heading(...children) {
  return element("h2", { id: "name-of-it", tabindex: -1 }, ...children);
}

function large(source, name) {
  return source ? element("div", { class: "large" }, image(source, name)) : null;
}

function badge(feature) {
  if (!feature.label) return null;
  return element(
    "span",
    { class: feature.trusted ? "badge trusted" : "badge" },
    feature.trusted ? "trusted" : "unsure",
  );
}

function keys() {
  const said = KEYS.map(([names, does]) =>
    element("span", {}, ...names.map((name) => element("kbd", {}, name)), ` ${does}`),
  );
  return element("p", { class: "keys" }, ...said);
}

// What is chosen, as {name, head, list, kin, on, chosen}: the parts of its card; list and kin are a title, elements and
// what their numbers are; on is the strength of each picture that it marks; chosen the picture that is chosen.

function ofFeature(index) {
  const feature = features.get(index);
  const pairs = fires.get(index);
  const kin = data.dictionary ? company(index) : [];
  const full = pairs.length ? pairs[0][1] : 1;
  const activations = pairs.map(([, activation]) => activation);
  const figures = [
    [`${kind}s`, pairs.length],
    ["density", `${((100 * pairs.length) / pictures.length).toFixed(1)} %`],
    ["mean", digits(means.get(index))],
    ["highest", digits(full)],
  ];
  return {
    name: featureName(feature),
    head: [
      large(feature.atom, `What f${index} adds`),
      heading(element("b", {}, `f${index}`), " ", label(feature), " ", badge(feature)),
      paragraph(featureWords(feature, kin)),
      parts(feature.made),
      data.dictionary && pairs.length ? numbers(figures) : null,
      data.dictionary && pairs.length > 1 ? histogram(activations) : null,
    ],
    list: [`Fires for ${times(pairs.length, kind)}`, coded > 1 ? pairs.map((pair) => pictureRow(pair, full)) : []],
    kin: [
      "Fires with",
      kin.map(([other, phi]) => featureTile(other, digits(phi), `phi ${digits(phi)}`)),
      "phi, the correlation of the two firing",
    ],
    on: new Map(pairs.map(([picture, activation]) => [picture, activation / full])),
  };
}

function ofPicture(number) {
  const picture = pictures[number];
  const near = data.dictionary ? nearest(number) : [];
  const itself = number === 0 && !data.dictionary; // the scene, which has a title and words
  const name = itself ? title : picture.name;
  const words = picture.code.length || data.dictionary ? codeWords(picture.code, near) : [];
  return {
    name,
    head: [large(picture.picture, name), heading(name), paragraph(itself ? [data.words] : words)],
    list: [`Its code: ${times(picture.code.length, "feature")}`, codeRows(picture.code)],
    kin: ["Nearest", near.map((pair) => pictureTile(...pair)), "cosine of the two codes"],
    on: new Map(near.map(([other]) => [other, 0])),
    chosen: number,
  };
}

function ofDictionary() {
  return {
    name: title,
    head: [heading("The dictionary"), paragraph([data.words]), paragraph(GUIDE), keys()],
    list: ["The mean code", codeRows(data.mean.slice(0, MOST))],
    kin: ["Unlike any other", loners().map((pair) => pictureTile(...pair)), "cosine with the nearest"],
  };
}

/** Of a scene without pictures. */
function ofCode() {
  return {
    name: title,
    head: [heading(title), paragraph([data.words])],
    list: ["The code", codeRows(data.mean)],
    kin: ["", []],
  };
}

function codeRows(code) {
  const full = Math.max(...code.map(([, activation]) => Math.abs(activation)));
  const signed = code.some(([, activation]) => activation < 0);
  return code.map((pair) => featureRow(pair, full, signed));
}

// The address.

function chosen() {
  const address = location.hash.slice(1);
  const [, number] = /^f(\d+)$/.exec(address) ?? [];
  if (number !== undefined && features.has(Number(number))) return { feature: Number(number) };
  if (address.startsWith("flag=") && slugs.has(address.slice(5))) return { picture: slugs.get(address.slice(5)) };
  return !data.dictionary && pictures.length ? { picture: 0 } : {};
}

/** A step from one to the next takes the place of the last in the history; a choice by a link does not. */
function step(address) {
  history.replaceState(null, "", address);
  show();
}

function viewOf({ feature, picture }) {
  if (feature !== undefined) return ofFeature(feature);
  if (picture !== undefined) return ofPicture(picture);
  return data.dictionary ? ofDictionary() : ofCode();
}

function show() {
  const view = viewOf(chosen());
  const focused = document.activeElement;
  document.title = view.name === title ? title : `${view.name} – ${title}`;
  $("said").textContent = view.name;
  $("head").replaceChildren(...view.head.filter((part) => part !== null));
  fill($("list"), "ol", view.list);
  fill($("kin"), "ul", [view.kin[0], view.kin[1].map((tile) => element("li", {}, tile)), view.kin[2]]);
  mark(view);
  rove();
  $("card").scrollTop = 0;
  if (focused !== document.body && !focused.isConnected) $("name-of-it").focus({ preventScroll: true });
}

function fill(section, tag, [title, items, note]) {
  section.hidden = items.length === 0;
  section.querySelector("h3").replaceChildren(title, ...(note ? [" ", element("small", {}, note)] : []));
  section.querySelector(tag).replaceChildren(...items);
}

function current(link, is) {
  if (is) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

const narrow = matchMedia("(max-width: 1079px)");

// The grid: of the features, those that are searched for, in some order.

const grid = $("grid");
const tiles = new Map();
let order = [];

for (const [index, pairs] of fires)
  tiles.set(index, featureTile(index, String(pairs.length), `fires for ${times(pairs.length, kind)}`));

const ORDERS = {
  flags: (one, other) => fires.get(other).length - fires.get(one).length,
  mean: (one, other) => means.get(other) - means.get(one),
  number: (one, other) => one - other,
  label: (one, other) =>
    Number(features.get(other).trusted) - Number(features.get(one).trusted) ||
    sure(features.get(one)).localeCompare(sure(features.get(other))),
};

function sift() {
  const words = plain($("search").value).split(/\s+/).filter(Boolean);
  const matches = (index, word) =>
    /^f?\d+$/.test(word) ? String(index).startsWith(word.replace("f", "")) : about.get(index).includes(word);
  order = [...features.keys()]
    .filter(
      (index) => (!$("trusted").checked || features.get(index).trusted) && words.every((word) => matches(index, word)),
    )
    .sort(ORDERS[$("sort").value]);
  grid.replaceChildren(...order.map((index) => element("li", {}, tiles.get(index))));
  $("count").textContent =
    order.length === features.size
      ? times(order.length, "feature")
      : `${order.length} of ${times(features.size, "feature")}`;
  const flags = pictures.filter(
    (picture, number) => words.length && words.every((word) => named[number].includes(word)),
  );
  $("flags").replaceChildren(
    ...flags
      .slice(0, FLAGS)
      .map(({ slug, picture, name }) => element("a", { href: `#flag=${slug}` }, image(picture), name)),
  );
  rove();
}

/** One tile of the grid is reached by Tab, the chosen one if it is there; arrows lead to the others. */
function rove() {
  const own = tiles.get(chosen().feature);
  const reached = own?.isConnected ? own : grid.querySelector("a");
  for (const tile of tiles.values()) {
    current(tile, tile === own);
    tile.tabIndex = tile === reached ? 0 : -1;
  }
  if (own?.isConnected) reveal(own);
}

/** Scrolls the grid, and nothing else, until a tile is seen. */
function reveal(tile) {
  const [room, place] = [grid.getBoundingClientRect(), tile.getBoundingClientRect()];
  const over = (low, high, from, to) => Math.min(0, low - from - GAP) || Math.max(0, high - to + GAP);
  grid.scrollBy(
    over(place.left, place.right, room.left, room.right),
    over(place.top, place.bottom, room.top, room.bottom),
  );
}

/** The tile to which a key leads: the grid grows down in columns, the strip of a narrow page to the right in rows. */
function neighbour(index, key) {
  if (key === "Home") return order[0];
  if (key === "End") return order.at(-1);
  const style = getComputedStyle(grid);
  const strip = style.gridAutoFlow === "column";
  const line = (strip ? style.gridTemplateRows : style.gridTemplateColumns).split(" ").length;
  const [across, down] = strip ? [line, 1] : [1, line];
  const move = { ArrowLeft: -across, ArrowRight: across, ArrowUp: -down, ArrowDown: down }[key];
  return move && order[order.indexOf(index) + move];
}

// The map, or without places a gallery.

const map = $("map");
const marks = pictures.map((picture, number) => {
  const link = element(
    "a",
    { href: `#flag=${picture.slug}`, "aria-label": picture.name, tabindex: number ? -1 : 0 },
    image(picture.picture),
  );
  if (picture.place) {
    link.style.left = `${100 * picture.place[0]}%`;
    link.style.top = `${100 * picture.place[1]}%`;
  } else link.append(element("span", { class: "label" }, picture.name));
  map.append(element("li", {}, link));
  return link;
});

function mark({ on, chosen }) {
  map.style.setProperty("--grow", 40 / (40 + (on?.size ?? 0))); // where many fire, they leave each other room
  marks.forEach((link, number) => {
    const strength = on?.get(number);
    const firing = strength !== undefined && chosen === undefined;
    if (number === chosen) link.className = "chosen";
    else if (strength !== undefined) link.className = firing ? "fires" : "near";
    else link.className = on ? "pale" : "";
    link.style.setProperty("--strength", strength ?? 0);
    link.style.zIndex = number === chosen ? 300 : strength === undefined ? 0 : 100 + Math.round(100 * strength);
    link.setAttribute("aria-label", pictures[number].name + (firing ? ", fires" : ""));
    current(link, number === chosen);
  });
}

function nameAt(link) {
  $("name").hidden = !link;
  if (!link) return;
  const [room, place] = [$("plane").getBoundingClientRect(), link.getBoundingClientRect()];
  $("name").textContent = pictures[marks.indexOf(link)].name;
  const half = $("name").offsetWidth / 2;
  const middle = (place.left + place.right) / 2 - room.left;
  $("name").style.left = `${Math.max(half + 4, Math.min(room.width - half - 4, middle))}px`;
  const above = place.top - room.top > 34;
  $("name").style.top = `${above ? place.top - room.top - 28 : place.bottom - room.top + 4}px`;
}

/** The nearest picture in a direction. */
function beyond(link, key) {
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!direction) return undefined;
  const middle = (one) => [one.offsetLeft, one.offsetTop];
  const [x, y] = middle(link);
  let best;
  let least = Infinity;
  for (const other of marks) {
    const [dx, dy] = [middle(other)[0] - x, middle(other)[1] - y];
    const ahead = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    if (ahead > 0 && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}

// Hands.

addEventListener("hashchange", () => {
  show();
  if (narrow.matches && !$("finder").contains(document.activeElement)) $("head").scrollIntoView({ block: "nearest" });
});
for (const id of ["search", "sort", "trusted"]) $(id).addEventListener("input", sift);
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && order.length) location.hash = `f${order[0]}`;
  if (event.key === "ArrowDown" && order.length) grid.querySelector("a").focus();
  if (event.key === "Escape" && !event.target.value) event.target.blur();
});

grid.addEventListener("keydown", (event) => {
  const index = order.find((one) => tiles.get(one) === event.target);
  const next =
    index === undefined || event.ctrlKey || event.metaKey || event.altKey ? undefined : neighbour(index, event.key);
  if (next === undefined) return;
  event.preventDefault();
  tiles.get(next).focus({ preventScroll: true });
  step(`#f${next}`);
});

map.addEventListener("keydown", (event) => {
  const next = marks.includes(event.target) ? beyond(event.target, event.key) : undefined;
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
for (const kind of ["pointerover", "focusin"]) map.addEventListener(kind, (event) => nameAt(event.target.closest("a")));
for (const kind of ["pointerleave", "focusout"]) map.addEventListener(kind, () => nameAt(null));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  if (event.key === "/") $("search").focus();
  else if (event.key === "Escape" && location.hash) location.hash = "";
  else if ((event.key === "j" || event.key === "k") && order.length) {
    const at = order.indexOf(chosen().feature);
    const next = at < 0 ? 0 : Math.max(0, Math.min(order.length - 1, at + (event.key === "j" ? 1 : -1)));
    step(`#f${order[next]}`);
  } else return;
  event.preventDefault();
});

// The page.

$("title").textContent = title;
$("figures").append(
  ...Object.entries(data.figures).map(([what, number]) =>
    element("div", {}, element("dt", {}, what), element("dd", {}, number)),
  ),
);
document.body.className = data.dictionary ? "dictionary" : pictures.length ? "scene" : "bare";
$("finder").hidden = !data.dictionary;
$("plane").hidden = pictures.length === 0;
$("map").classList.toggle("gallery", !data.dictionary);
document.body.style.setProperty("--aspect", data.aspect);
document.body.style.setProperty("--side", data.side);
sift();
show();
