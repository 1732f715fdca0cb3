// <nearshelf-street-map>: streets from one file of tiles, with the shops as buttons. It is fetched by who asks for it, speaks to
// the retailer's own server alone, and says so where it cannot be shown.
//
//   url, credit       the file of tiles (PMTiles), and who made the map
//   center            "longitude,latitude" to begin with
//   marks             JSON: [[longitude, latitude, number, what is said of it, whether it is open], ...]
//   pointed           the place of the mark that is pointed at; empty for none
//   event "point"     somebody tapped a mark: detail is its place
//   event "fail"      the map cannot be shown: detail says why

import maplibre from "maplibre-gl/dist/maplibre-gl-csp.js";
import { PMTiles, Protocol } from "pmtiles";
import { layersFor } from "./style.js";

/// Set by the build.
maplibre.setWorkerUrl(WORKER_URL);
const STYLES = STYLES_URL;
const PATIENCE_MS = 8_000;

const protocol = new Protocol();
maplibre.addProtocol("pmtiles", protocol.tile);

function styles() {
  return new Promise((done, failed) => {
    if (document.querySelector(`link[href="${STYLES}"]`)) return done();
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLES, onload: done });
    link.onerror = () => failed(new Error("its styles did not come"));
    document.head.append(link);
  });
}

class StreetMap extends HTMLElement {
  static observedAttributes = ["marks", "pointed"];
  #map;
  #marks = [];
  #failed = false;
  #covers = () => true;

  connectedCallback() {
    this.#start().catch((error) => this.#fail(error));
  }

  disconnectedCallback() {
    this.#map?.remove();
    this.#map = undefined;
  }

  attributeChangedCallback(name) {
    if (!this.#map) return;
    if (name === "marks") this.#draw();
    else this.#point();
  }

  #fail(error) {
    if (this.#failed || !this.isConnected) return;
    this.#failed = true;
    this.dispatchEvent(new CustomEvent("fail", { detail: String(error?.message ?? error) }));
  }

  async #start() {
    const address = new URL(this.getAttribute("url"), location.href).href;
    const tiles = new PMTiles(address);
    const late = setTimeout(() => this.#fail("it took too long"), PATIENCE_MS);
    const [header, metadata] = await Promise.all([tiles.getHeader(), tiles.getMetadata(), styles()]);
    if (!this.isConnected) return clearTimeout(late);
    protocol.add(tiles);
    this.#covers = ([longitude, latitude]) =>
      header.minLon <= longitude && longitude <= header.maxLon && header.minLat <= latitude && latitude <= header.maxLat;
    const layers = (metadata?.vector_layers ?? []).map((layer) => layer.id);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = new maplibre.Map({
      container: this,
      style: {
        version: 8,
        sources: { tiles: { type: "vector", url: `pmtiles://${address}`, attribution: this.getAttribute("credit") ?? "" } },
        layers: layersFor(layers, this),
      },
      center: this.getAttribute("center").split(",").map(Number),
      zoom: 14,
      minZoom: Math.max(0, header.minZoom),
      maxZoom: Math.max(header.maxZoom + 3, 16),
      attributionControl: { compact: false },
      fadeDuration: calm ? 0 : 150,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: false,
    });
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
    map.on("error", ({ error }) => {
      // One tile that is missing is a hole; without any there is no map.
      if (!map.isStyleLoaded() || !map.areTilesLoaded()) this.#fail(error);
    });
    map.once("load", () => {
      clearTimeout(late);
      this.setAttribute("ready", "");
    });
    this.#draw();
  }

  #draw() {
    for (const { marker } of this.#marks) marker.remove();
    const rows = JSON.parse(this.getAttribute("marks") || "[]");
    this.#marks = rows.map(([longitude, latitude, number, said, open], place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `map__mark map__mark--street${open ? "" : " map__mark--closed"}`;
      const words = document.createElement("span");
      words.textContent = number;
      words.setAttribute("aria-hidden", "true");
      button.append(words);
      button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("point", { detail: place })));
      const marker = new maplibre.Marker({ element: button }).setLngLat([longitude, latitude]).addTo(this.#map);
      // The library names its markers itself; ours say which shop they are.
      button.setAttribute("aria-label", said);
      button.removeAttribute("role");
      return { marker, button };
    });
    // Of the nearest those that there are streets for.
    const near = rows.slice(0, 4).filter(this.#covers).map(([longitude, latitude]) => [longitude, latitude]);
    if (near.length > 1) {
      const bounds = near.reduce((all, one) => all.extend(one), new maplibre.LngLatBounds(near[0], near[0]));
      this.#map.fitBounds(bounds, { padding: 56, maxZoom: 15, animate: false });
    } else if (near.length === 1) {
      this.#map.jumpTo({ center: near[0] });
    }
    this.#point();
  }

  #point() {
    const pointed = this.getAttribute("pointed");
    this.#marks.forEach(({ button, marker }, place) => {
      const now = pointed === String(place);
      button.setAttribute("aria-pressed", String(now));
      if (now && !this.#map.getBounds().contains(marker.getLngLat())) {
        const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.#map.easeTo({ center: marker.getLngLat(), duration: calm ? 0 : 180 });
      }
    });
  }
}

customElements.define("nearshelf-street-map", StreetMap);
