// <nearshelf-scanner>: the camera, and what it reads. It is fetched by who asks for it, and lets go of the camera when it is
// taken out of the page.
//
//   event "code"   detail is what was read; the same is told once until something else was seen
//   event "fail"   it cannot: detail is "refused" (the camera may not be used), "absent" (there is none, or none here) or
//                  "decoder" (what reads codes did not come)

const FORMATS = ["ean_13", "ean_8", "upc_a", "itf", "code_128", "qr_code", "data_matrix"];
/// From look to look: quick enough for a hand that passes by, slow enough for the battery.
const LOOK_MS = 150;

/** The browser's own reader, or ours. */
async function reader() {
  const own = self.BarcodeDetector;
  const known = (await own?.getSupportedFormats().catch(() => [])) ?? [];
  if (known.includes("ean_13")) return new own({ formats: FORMATS.filter((format) => known.includes(format)) });
  /// Set by the build.
  const { BarcodeDetector } = await import(DECODER_URL);
  return new BarcodeDetector({ formats: FORMATS });
}

class Scanner extends HTMLElement {
  #stream;
  #last = "";

  connectedCallback() {
    this.#start().catch((why) => this.#fail(why));
  }

  disconnectedCallback() {
    this.#stop();
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #fail(why) {
    this.#stop();
    this.#tell("fail", why);
  }

  async #start() {
    // A page without TLS has no camera either.
    if (!navigator.mediaDevices?.getUserMedia) throw "absent";
    const wanted = { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false };
    const stream = await navigator.mediaDevices.getUserMedia(wanted).catch(({ name }) => {
      throw name === "NotAllowedError" || name === "SecurityError" ? "refused" : "absent";
    });
    this.#stream = stream;
    if (!this.isConnected) return this.#stop();
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
    video.setAttribute("aria-hidden", "true");
    this.replaceChildren(video);
    const [detector] = await Promise.all([reader().catch(() => Promise.reject("decoder")), video.play().catch(() => {})]);
    while (this.#stream) {
      // A frame that cannot be read is followed by another, but a decoder that never reads any is none.
      const codes = await detector.detect(video).catch((error) => (isBroken(error) ? Promise.reject("decoder") : []));
      const text = codes[0]?.rawValue ?? "";
      if (this.#stream && text && text !== this.#last) this.#tell("code", text);
      this.#last = text || this.#last;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }
}

/** Before the first frame there is nothing to read, which is no fault of the decoder. */
const isBroken = ({ name }) => name !== "InvalidStateError";

if (!customElements.get("nearshelf-scanner")) customElements.define("nearshelf-scanner", Scanner);
