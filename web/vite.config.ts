import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API: a system started with `make run`. */
const api = process.env.OPTOPEC_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { target: "es2023", manifest: true, sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: Object.fromEntries(["/v1", "/local", "/configuration.json"].map((path) => [path, api])) },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
