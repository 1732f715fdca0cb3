// How streets look: calm, in the colours of the page, for both kinds of tiles that retailers have.

/** Reads the colours of the page, so that a retailer's theme and the dark are followed. */
function palette(element) {
  const style = getComputedStyle(element);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const own = dark
    ? { ground: "#1b2027", green: "#1f3129", water: "#17313f", building: "#262c35", street: "#39424e", main: "#4a5563", rail: "#3a4350", text: "#d5dae1" }
    : { ground: "#f4f3ee", green: "#e1efdf", water: "#cfe5f2", building: "#e7e5dd", street: "#ffffff", main: "#fdf0cf", rail: "#c9c9c9", text: "#3c4250" };
  return { ...own, halo: own.ground, font: style.fontFamily || "sans-serif" };
}

/** The names of things in the two kinds: what Protomaps' tiles of version 2 and those of OpenMapTiles call them. */
const PROTOMAPS = {
  green: ["all", ["in", ["get", "leisure"], ["literal", ["park", "garden", "pitch", "nature_reserve", "golf_course"]]]],
  greenLayers: ["land", "natural"],
  greenAny: { natural: true },
  waterLayers: ["water"],
  buildings: "buildings",
  roads: "roads",
  main: ["in", ["get", "pmap:kind"], ["literal", ["highway", "major_road"]]],
  minor: ["in", ["get", "pmap:kind"], ["literal", ["medium_road", "minor_road"]]],
  path: ["==", ["get", "pmap:kind"], "other"],
  rail: { layer: "transit", filter: ["has", "railway"] },
  places: "places",
};
const OPENMAPTILES = {
  greenLayers: ["landcover", "park"],
  greenAny: { park: true, landcover: ["in", ["get", "class"], ["literal", ["grass", "wood", "farmland"]]] },
  waterLayers: ["water"],
  buildings: "building",
  roads: "transportation",
  main: ["in", ["get", "class"], ["literal", ["motorway", "trunk", "primary", "secondary"]]],
  minor: ["in", ["get", "class"], ["literal", ["tertiary", "minor", "service"]]],
  path: ["in", ["get", "class"], ["literal", ["path", "track"]]],
  rail: { layer: "transportation", filter: ["==", ["get", "class"], "rail"] },
  places: "place",
  streetNames: "transportation_name",
};

export function layersFor(vectorLayers, element) {
  const named = new Set(vectorLayers);
  const kind = named.has("roads") ? PROTOMAPS : OPENMAPTILES;
  const colour = palette(element);
  const layer = (id, type, from, paint, more = {}) => ({ id, type, source: "tiles", "source-layer": from, paint, ...more });
  const width = (at12, at16) => ["interpolate", ["exponential", 1.6], ["zoom"], 12, at12, 16, at16];
  const text = (id, from, size, filter, more = {}) =>
    layer(id, "symbol", from, { "text-color": colour.text, "text-halo-color": colour.halo, "text-halo-width": 1.4 }, {
      ...(filter ? { filter } : {}),
      layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-font": [colour.font], "text-size": size, ...more },
    });
  const fill = (id, from, paint, filter) => layer(id, "fill", from, { "fill-color": paint }, filter && filter !== true ? { filter } : {});
  const line = (id, filter, paint, widths, more = {}) =>
    layer(id, "line", kind.roads, { "line-color": paint, "line-width": widths }, { filter, layout: { "line-cap": "round", "line-join": "round" }, ...more });
  return [
    { id: "ground", type: "background", paint: { "background-color": colour.ground } },
    ...kind.greenLayers.map((from) => fill(`green-${from}`, from, colour.green, kind.greenAny[from] ?? kind.green)),
    ...kind.waterLayers.map((from) => ({ ...fill(`water-${from}`, from, colour.water), filter: ["==", ["geometry-type"], "Polygon"] })),
    { ...fill("buildings", kind.buildings, colour.building), minzoom: 14 },
    layer("rail", "line", kind.rail.layer, { "line-color": colour.rail, "line-width": 1, "line-dasharray": [4, 3] }, { filter: kind.rail.filter, minzoom: 12 }),
    line("paths", kind.path, colour.rail, width(0.2, 1.2), { minzoom: 15 }),
    line("streets", kind.minor, colour.street, width(0.6, 8)),
    line("main-streets", kind.main, colour.main, width(1.6, 13)),
    text("street-names", kind.streetNames ?? kind.roads, 11, kind.streetNames ? undefined : ["any", kind.main, kind.minor], { "symbol-placement": "line" }),
    text("places", kind.places, ["interpolate", ["linear"], ["zoom"], 8, 12, 14, 15], undefined, { "text-max-width": 8 }),
  ];
}
