import { defineConfig } from "@playwright/test";

/** Debian's Chromium; none is downloaded. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Without the switches of the background network Chromium asks for Google's hosts at every start. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // Each worker runs a whole system of its own beside its browser.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Long enough for a machine that is busy with other work: what is right takes no longer for it.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    launchOptions: { executablePath, args },
    viewport: { width: 1280, height: 720 },
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    trace: "retain-on-failure",
    reducedMotion: "reduce",
  },
  projects: [
    { name: "scenarios", testIgnore: "images.spec.ts" },
    { name: "images", testMatch: "images.spec.ts" },
  ],
});
