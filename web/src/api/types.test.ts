/**
 * Nothing of the API is `any`: an `any` anywhere in what the client takes or gives would switch the type check off without a word. `tsc` is what runs
 * these; vitest only sees that they compile.
 */
import { expectTypeOf, test } from "vitest";
import type { api } from "./client";
import type { components, operations } from "./schema";
import type {
  Client,
  Conditions,
  Credits,
  Demande,
  Dossier,
  EntreeMutuelle,
  Magasin,
  Mouvement,
  Mutuelle,
  Statistiques,
  Verification,
} from "./types";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** `true` if `any` stands anywhere in it. */
type HoldsAny<T> =
  IsAny<T> extends true
    ? true
    : T extends readonly (infer U)[]
      ? HoldsAny<U>
      : T extends object
        ? true extends { [K in keyof T]: HoldsAny<T[K]> }[keyof T]
          ? true
          : false
        : false;

test("an any is found where there is one", () => {
  // biome-ignore lint/suspicious/noExplicitAny: what is looked for
  expectTypeOf<HoldsAny<{ a: { b: any }[] }>>().toEqualTypeOf<true>();
  expectTypeOf<HoldsAny<{ a: { b: string | null }[] }>>().toEqualTypeOf<false>();
});

test("no schema and no operation of the API holds any", () => {
  expectTypeOf<
    true extends { [K in keyof components["schemas"]]: HoldsAny<components["schemas"][K]> }[keyof components["schemas"]] ? true : false
  >().toEqualTypeOf<false>();
  expectTypeOf<true extends { [K in keyof operations]: HoldsAny<operations[K]> }[keyof operations] ? true : false>().toEqualTypeOf<false>();
});

test("the names that the screens use are not any", () => {
  type Names =
    | Client
    | Conditions
    | Credits
    | Demande
    | Dossier
    | EntreeMutuelle
    | Magasin
    | Mouvement
    | Mutuelle
    | Statistiques
    | Verification;
  expectTypeOf<HoldsAny<Names>>().toEqualTypeOf<false>();
  expectTypeOf<Demande["etat"]>().not.toBeAny();
  expectTypeOf<Dossier["equipements"][number]["lignes"][number]["rc_centimes"]>().toEqualTypeOf<number | null>();
});

test("an answer of the client is not any", () => {
  type Answer = Awaited<ReturnType<typeof api.GET<"/v1/demandes/{id}", { params: { path: { id: string } } }>>>;
  expectTypeOf<Answer["data"]>().not.toBeAny();
});
