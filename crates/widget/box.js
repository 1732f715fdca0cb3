// What the loader fetches once a box comes near the screen: the program, the settings of the retailer, the colours, and the texts of
// the languages that boxes of the page speak.

import init, { catalog, hide, settings, show } from "./widget.js";

/// Set by the build.
const [WASM, CATALOGS, STYLE] = [BOX_WASM, BOX_CATALOGS, BOX_STYLE];

const at = (path) => new URL(path, import.meta.url).href;
const app = new URL(import.meta.url).origin;
/// A text, or what stands for it where it does not come: a box without the retailer's colours is a box.
const text = (url, otherwise) =>
  fetch(url, { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.text() : otherwise))
    .catch(() => otherwise);

const sheet = new CSSStyleSheet();
const catalogs = {};
let started;
let languages = Object.keys(CATALOGS);

/// The retailer's sheet is for a page; here its colours are those of a box, and also those of a box that the page wants dark.
function themed(theme) {
  const [day, night] = [...theme.matchAll(/:root\{([^{}]*)\}/g)].map(([, properties]) => properties);
  const rules = day ? [`.box{${day}}`] : [];
  if (night) rules.push(`.box.dark{${night}}`, `@media(prefers-color-scheme:dark){.box.auto{${night}}}`);
  return rules.join("");
}

async function start(api, key) {
  const told = text(`${api}/v1/settings${key && `?embed_key=${encodeURIComponent(key)}`}`, "{}");
  const theme = text(at("/theme.css"), "");
  await init({ module_or_path: at(WASM) });
  settings(await told);
  try {
    const offered = JSON.parse(await told).languages?.filter((language) => language in CATALOGS) ?? [];
    if (offered.length) languages = offered;
  } catch {
    // As by default.
  }
  sheet.replaceSync(STYLE + themed(await theme));
}

/// The language of the element or of what is around it, else one that the shopper reads, else the retailer's first.
function spoken(element) {
  const wanted = [element.closest("[lang]")?.lang, ...navigator.languages].filter(Boolean);
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (!languages.includes(language)) continue;
    // A page says "en"; how its reader writes times and numbers the browser knows better.
    const own = tag.includes("-") ? tag : (navigator.languages.find((known) => known.startsWith(`${language}-`)) ?? tag);
    try {
      return [language, Intl.getCanonicalLocales(own)[0]];
    } catch {
      return [language, language];
    }
  }
  return [languages[0], languages[0]];
}

/// Gets ready to put a box into an element; the answer puts it into its shadow root and answers what takes it out.
export async function put(element, api) {
  await (started ??= start(api, element.getAttribute("key") ?? ""));
  const [language, locale] = spoken(element);
  const texts = await (catalogs[language] ??= text(at(CATALOGS[language]), "").then(catalog));
  return (root) => {
    root.textContent = "";
    root.adoptedStyleSheets = [sheet];
    const id = show(element, root, app, api, texts, locale);
    return () => {
      hide(id);
      root.textContent = "";
    };
  };
}
