import { describe, expect, test } from "vitest";
import { inWords, problemOf } from "./problemes";

const DOCUMENT = { type: "/problemes/trop-de-requetes", title: "Trop de requêtes", status: 429, detail: "Réessayez.", instance: "r-1" };
const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

describe("a failure in words", () => {
  test("says how long to wait where the server said so, in seconds", () => {
    expect(inWords(problemOf(answer(429, { "Retry-After": "7" }), DOCUMENT)).detail).toBe("Réessayez. À attendre : 7 s.");
  });

  test("leaves a wait until tomorrow to the sentence of the server", () => {
    expect(inWords(problemOf(answer(429, { "Retry-After": "40000" }), DOCUMENT)).detail).toBe("Réessayez.");
  });

  test("shows the reference of a failure of the server, and none of a refusal", () => {
    expect(inWords(problemOf(answer(500), { ...DOCUMENT, status: 500 })).reference).toBe("r-1");
    expect(inWords(problemOf(answer(422), { ...DOCUMENT, status: 422 })).reference).toBeNull();
  });

  test("shows nothing of a proxy's page but its status and the request's id", () => {
    const words = inWords(problemOf(answer(502, { "apigw-requestid": "p-77" }), "<html>nginx</html>"));
    expect(words.reference).toBe("p-77");
    expect(words.detail).toContain("« 502 »");
    expect(JSON.stringify(words)).not.toContain("nginx");
  });
});
