import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { cles } from "@/api/requetes";
import { useEntrees } from "./Chronologie";
import { demande } from "./exemples";

vi.mock("@/session/jeton", () => ({ currentToken: async () => "jeton", renewToken: async () => null, endSession: () => {} }));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("the ledger is read again for a new version of the demande, and for nothing else", async () => {
  const lectures = vi.fn(async () => Response.json({ mouvements: [], suivant: null }));
  vi.stubGlobal("fetch", lectures);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const { result, rerender } = renderHook((version: number) => useEntrees(demande({ version })), { wrapper, initialProps: 1 });
  await waitFor(() => expect(result.current.data).toBeDefined());
  await client.invalidateQueries({ queryKey: cles.credits });
  window.dispatchEvent(new Event("visibilitychange"));
  expect(lectures).toHaveBeenCalledOnce();
  rerender(2);
  expect(result.current.data).toBeDefined();
  await waitFor(() => expect(lectures).toHaveBeenCalledTimes(2));
});
