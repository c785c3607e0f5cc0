/** Rule 12 as the screens live it: what has not changed is not sent again, and a page that nobody sees asks nothing. */
import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demande } from "@/ecrans/demande/exemples";
import { useDemande } from "./requetes";
import { useTravail } from "./travail";

vi.mock("@/session/jeton", () => ({ currentToken: async () => "jeton", renewToken: async () => null, endSession: () => {} }));

/** The version that the server has; `If-None-Match` of each request that came. */
let etag: string;
let demandees: (string | null)[];

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  etag = '"1"';
  demandees = [];
  const present = demande({ creee_le: new Date().toISOString(), evenements: [] });
  vi.stubGlobal("fetch", async (request: Request) => {
    const connue = request.headers.get("If-None-Match");
    demandees.push(connue);
    if (!request.url.includes(present.id)) return Response.json({ demandes: [present], suivant: null });
    return connue === etag
      ? new Response(null, { status: 304 })
      : Response.json({ ...present, version: Number(etag[1]) }, { headers: { ETag: etag } });
  });
});
afterEach(() => {
  cleanup();
  montrer("visible");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Hides or shows the page, as a browser does. */
function montrer(visibility: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  focusManager.setFocused(undefined);
  window.dispatchEvent(new Event("visibilitychange"));
}

function lire<T>(hook: () => T) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always", staleTime: 5_000 } } });
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  return renderHook(hook, { wrapper }).result;
}

test("a demande that has not changed is answered 304, and stays as it is on the screen", async () => {
  const lue = lire(() => useDemande(demande().id));
  await waitFor(() => expect(lue.current.data?.value.version).toBe(1));
  const before = lue.current.data;
  await vi.advanceTimersByTimeAsync(1_000);
  await waitFor(() => expect(demandees).toEqual([null, '"1"']));
  expect(lue.current.data).toBe(before);
  etag = '"2"';
  await vi.advanceTimersByTimeAsync(1_000);
  await waitFor(() => expect(lue.current.data).toMatchObject({ etag: '"2"', value: { version: 2 } }));
});

test("a demande that runs is not asked for while the page is hidden, and at once when it is seen again", async () => {
  const lue = lire(() => useDemande(demande().id));
  await waitFor(() => expect(lue.current.data).toBeDefined());
  montrer("hidden");
  const hidden = demandees.length;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(demandees).toHaveLength(hidden);
  montrer("visible");
  await waitFor(() => expect(demandees.length).toBeGreaterThan(hidden));
});

test("the work list is read every minute, and not while the page is hidden", async () => {
  const lue = lire(() => useTravail());
  await waitFor(() => expect(lue.current.data).toHaveLength(1));
  const first = demandees.length;
  await vi.advanceTimersByTimeAsync(61_000);
  await waitFor(() => expect(demandees.length).toBeGreaterThan(first));
  montrer("hidden");
  const hidden = demandees.length;
  await vi.advanceTimersByTimeAsync(300_000);
  expect(demandees).toHaveLength(hidden);
});
