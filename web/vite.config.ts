import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API: a system started with `make run`. */
const api = process.env.OPTOPEC_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // light-dark() as it is written: what older browsers would need instead breaks without their own color-scheme rules.
  build: { target: "es2023", cssTarget: ["chrome123", "firefox120", "safari17.5"], manifest: true, sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: Object.fromEntries(["/v1", "/local", "/configuration.json"].map((path) => [path, api])) },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
