import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/console/",
  plugins: [svelte()],
  test: { include: ["tests/**/*.test.ts"], reporters: "dot" },
  build: {
    outDir: process.env.VCP_CONSOLE_OUT ?? "dist",
    emptyOutDir: true,
    // The page forbids data: addresses for scripts and fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
  },
});
