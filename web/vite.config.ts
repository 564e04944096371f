import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const API = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    // The server's content policy refuses data: URLs, so nothing may be inlined as one.
    assetsInlineLimit: 0,
    // Of what a page needs only its styles are named ahead: the names of all scripts of all pages are 6 KB of the first load.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, needed) => needed.filter((path) => path.endsWith(".css")),
    },
    chunkSizeWarningLimit: 600,
    reportCompressedSize: true,
  },
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/healthz", "/readyz"].map((path) => [path, { target: API, headers: { origin: API } }]),
    ),
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test-setup.ts"],
  },
});
