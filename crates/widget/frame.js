// One box in a page of its own, for a frame in somebody else's: it is made of what the address says, and tells the page around, by
// its exact origin, how tall it is and what happened.

const query = new URLSearchParams(location.search);
const wanted = query.get("parent") ?? "";

/// An origin as a browser writes it, or nothing: never `*`.
function origin(text) {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && /^https?:$/.test(protocol) ? origin : "";
  } catch {
    return "";
  }
}

const target = window.parent === window ? "" : origin(wanted);
const tell = (message) => target && window.parent.postMessage(message, target);

const element = document.createElement(location.pathname === "/embed/locator" ? "nearshelf-locator" : "nearshelf-stock");
for (const name of ["sku", "near", "limit", "theme", "key", "lang", "code", "reserve", "campaign", "campaign-id", "source", "medium"]) {
  if (query.has(name)) element.setAttribute(name, query.get(name));
}
if (query.has("lang")) document.documentElement.lang = query.get("lang");
for (const name of ["view", "located", "reserved", "error"]) {
  element.addEventListener(`nearshelf:${name}`, ({ type, detail }) => tell({ type, detail: { ...detail } }));
}
document.body.style.margin = "0";
document.body.append(element);
new ResizeObserver(() => tell({ type: "nearshelf:height", height: Math.ceil(element.getBoundingClientRect().height) })).observe(element);
