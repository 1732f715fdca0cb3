// Reads codes where the browser cannot: fetched by scanner.js, and then its WebAssembly by it.

import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

/// Set by the build. Without it the library would ask a server of somebody else.
prepareZXingModule({ overrides: { locateFile: () => WASM_URL } });

export { BarcodeDetector };
